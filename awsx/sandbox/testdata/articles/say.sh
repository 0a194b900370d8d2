# Sourced by the scripts beside it: prints what a command said under a name, so
# that it can be compared with what the author of the article saw.

# ask NAME CURL-ARGUMENT…: the status and the body of one request.
ask() {
  local name=$1 out
  shift
  out=$(curl -sS -w '\n%{http_code}' "$@" 2>&1) || true
  printf '== %s %s\n%s\n' "$name" "${out##*$'\n'}" "${out%$'\n'*}"
}

# run NAME COMMAND…: 0 or 1 as it went, and everything the command printed.
run() {
  local name=$1 out code=0
  shift
  out=$("$@" 2>&1) || code=1
  printf '== %s %s\n%s\n' "$name" "$code" "$out"
}

# fresh USER: acts with a new access key of the user from here on.
fresh() {
  local keys
  keys=$(aws iam create-access-key --user-name "$1" --query 'AccessKey.[AccessKeyId, SecretAccessKey]' --output text)
  unset AWS_PROFILE
  read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY <<<"$keys"
  export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
}

# member NAME: one member of the JSON object on standard input.
member() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
