#!/bin/sh
# Starts the Temporal server with the password from a file: its image reads an environment variable only, and one in the
# compose file would be shown by `docker inspect`. The image's own entry point does no more than find the addresses
# that the compose file gives.
set -eu

POSTGRES_PWD=$(cat "$POSTGRES_PWD_FILE")
export POSTGRES_PWD
exec temporal-server start
