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

# Registering an attribute again changes nothing.
ensure_search_attributes() {
  # shellcheck disable=SC2046 # one --name for each word
  temporal operator search-attribute create --namespace "$1" --type Keyword $(printf -- '--name %s ' $SEARCH_ATTRIBUTES)
}

within_a_minute temporal operator cluster health
for namespace in $NAMESPACES; do
  within_a_minute ensure_namespace "$namespace"
  within_a_minute ensure_search_attributes "$namespace"
  echo "namespace $namespace is ready"
done
