// How far an import is, without reloading the page; once it is over, the page is read anew. Without script, the page
// refreshes itself.
const panel = document.querySelector("[data-import-progress]");

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { "X-Requested-With": "import-progress" } });
    if (!answer.ok) return;
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = read.querySelector("[data-import-progress]");
    if (!fresh) {
      location.reload();
      return;
    }
    panel.innerHTML = fresh.innerHTML;
  } catch {
    // The network is away: the next look tells.
  }
  setTimeout(look, 2000);
}

if (panel) setTimeout(look, 2000);
