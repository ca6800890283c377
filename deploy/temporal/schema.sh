#!/bin/sh
# Temporal's two databases, made where missing and brought to this version's schema. Running it again changes nothing.
set -eu

SQL_PASSWORD=$(cat /run/secrets/temporal_password)
export SQL_PASSWORD

sql() {
  database=$1; shift
  temporal-sql-tool --plugin postgres12 --ep temporal-db --port 5432 --user temporal --db "$database" "$@"
}

bring() {
  sql "$1" create
  sql "$1" setup-schema -v 0.0
  sql "$1" update-schema -d "/etc/temporal/schema/postgresql/v12/$2/versioned"
}

bring temporal temporal
bring temporal_visibility visibility
