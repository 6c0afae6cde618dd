# One page, then only what changed: curl 7.70 or newer.
TOKEN="${PORTAIL_TOKEN:?put your token into PORTAIL_TOKEN}"
API="${PORTAIL_API:-https://portail.example/api/v1}"

curl --fail-with-body --compressed --silent --show-error \
  --header "Authorization: Token $TOKEN" \
  "$API/projects?region=ML-7&fields=id,reference,title,budget_usd&page_size=100"
