#!/bin/sh
# Makes the server's two databases and brings their tables to its version. Every step does nothing when it was done
# before, and one that was interrupted goes on where it stopped.
set -eu

SQL_PASSWORD=$(cat "$SQL_PASSWORD_FILE")
export SQL_PASSWORD

migrate() {
  database=$1 schema=$2
  temporal-sql-tool --database "$database" create-database --defaultdb postgres
  temporal-sql-tool --database "$database" setup-schema --version 0.0
  temporal-sql-tool --database "$database" update-schema --schema-name "$schema"
}

migrate "$DBNAME" postgresql/v12/temporal
migrate "$VISIBILITY_DBNAME" postgresql/v12/visibility
