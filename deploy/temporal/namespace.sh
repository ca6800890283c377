#!/bin/sh
# The namespace with its retention, and the search attributes. Running it again changes nothing but a new retention.
# TEMPORAL_ADDRESS, NAMESPACE, RETENTION: see compose.yaml.
set -eu

# patiently COMMAND…: until it succeeds; a new namespace takes some seconds to be known everywhere.
patiently() {
  left=30
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "given up: $*" >&2; exit 1; }
    sleep 2
  done
}

namespace() {
  if temporal operator namespace describe --namespace "$NAMESPACE" > /dev/null 2>&1; then
    temporal operator namespace update --namespace "$NAMESPACE" --retention "$RETENTION"
  else
    temporal operator namespace create --namespace "$NAMESPACE" --retention "$RETENTION"
  fi
}

attribute() {
  temporal operator search-attribute create --namespace "$NAMESPACE" --name "$1" --type "$2"
}

patiently temporal operator cluster health
patiently namespace
patiently attribute YkienLead Keyword
patiently attribute YkienField Keyword
patiently attribute YkienDraftKind Keyword
