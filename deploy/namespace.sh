#!/bin/sh
# Makes the namespaces and their search attributes where they are missing. The server answers on its port some seconds
# before it serves everything, so each step is tried again for a minute.
set -eu

within_a_minute() {
  tries=0
  until output=$("$@" 2>&1); do
    tries=$((tries + 1))
    if [ "$tries" -ge 60 ]; then
      printf '%s\n' "$output" >&2
      exit 1
    fi
    sleep 1
  done
}

ensure_namespace() {
  temporal operator namespace describe --namespace "$1" ||
    temporal operator namespace create --namespace "$1" --retention "$RETENTION" ||
    temporal operator namespace describe --namespace "$1"
}

within_a_minute temporal operator cluster health
for namespace in $NAMESPACES; do
  within_a_minute ensure_namespace "$namespace"
  # One at a time: of several names in one call the tool registers the first alone, and says that all was well.
  # Registering an attribute again changes nothing.
  for name in $SEARCH_ATTRIBUTES; do
    within_a_minute temporal operator search-attribute create --namespace "$namespace" --type Keyword --name "$name"
  done
  echo "namespace $namespace is ready"
done
