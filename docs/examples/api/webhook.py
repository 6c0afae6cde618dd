"""Receives what https://portail.example sends to a webhook, and says what changed. Python 3.9 or newer, nothing to install.

Put it behind a server that speaks HTTPS, and give that address in the portal. With `pip install standardwebhooks` the
function `verified` is one line: `Webhook(SECRET).verify(body, headers)`.
"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import time

SECRET = os.environ["PORTAIL_WEBHOOK_SECRET"]  # whsec_…, shown once when the webhook is made
PORT = int(os.environ.get("PORT", "8000"))
SEEN = set()  # keep it in a database: a message may come twice, under one number


def verified(body, headers):
    """Whether these very bytes were signed with the secret, less than five minutes ago."""
    number, moment = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(moment)) > 300:
        return False
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed = hmac.new(key, f"{number}.{moment}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(signed).decode()
    return any(hmac.compare_digest(expected, given) for given in headers["webhook-signature"].split())


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            status = 204 if verified(body, self.headers) else 401
        except (TypeError, ValueError, AttributeError):  # a header that is not there, or no number
            status = 401
        if status == 204 and self.headers["webhook-id"] not in SEEN:
            SEEN.add(self.headers["webhook-id"])
            for change in json.loads(body)["data"].get("changes", []):
                print(change["kind"], change["id"], change["change"], change["url"], flush=True)
        self.send_response(status)
        self.end_headers()


if __name__ == "__main__":
    http.server.HTTPServer(("127.0.0.1", PORT), Receiver).serve_forever()
