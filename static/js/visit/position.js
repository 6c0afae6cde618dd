// Where the visitor stands, and how far that is from the project.
const EARTH_RADIUS_M = 6371008.8;
const FAR_M = 2000;

export function distance(a, b) {
  const rad = Math.PI / 180;
  const half = Math.sin(((b.latitude - a.latitude) * rad) / 2) ** 2;
  const across = Math.sin(((b.longitude - a.longitude) * rad) / 2) ** 2;
  const chord = half + Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * across;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)));
}

function locate() {
  return new Promise((resolve, reject) => {
    const options = { enableHighAccuracy: true, timeout: 45000, maximumAge: 0 };
    navigator.geolocation.getCurrentPosition((found) => resolve(found.coords), reject, options);
  });
}

// Ties the button of the form to its fields; `words` are the texts of the page.
export function offerPosition(form, project, words) {
  const button = form.querySelector("[data-locate]");
  const told = form.querySelector("[data-located]");
  if (!button || !navigator.geolocation) return;
  const french = document.documentElement.lang === "fr";
  const written = (degrees) => degrees.toFixed(5).replace(".", french ? "," : ".");
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    told.textContent = words.locating;
    try {
      const here = await locate();
      form.elements.latitude.value = written(here.latitude);
      form.elements.longitude.value = written(here.longitude);
      form.elements.accuracy_m.value = Math.round(here.accuracy);
      told.textContent = words.located.replace("{m}", Math.round(here.accuracy));
      const metres = project.latitude === null ? 0 : distance(here, project);
      if (metres > FAR_M) {
        const km = (metres / 1000).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
        told.append(` ${words.far.replace("{km}", km)}`);
      }
      form.dispatchEvent(new Event("change"));
    } catch (error) {
      told.textContent = error.code === 1 ? words.forbidden : words.notLocated;
    } finally {
      button.disabled = false;
    }
  });
}
