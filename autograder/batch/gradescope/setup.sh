#!/usr/bin/env bash
# Gradescope runs this once, when it makes the image of the autograder: as root, on Ubuntu.
set -euo pipefail
source="${AUTOGRADER_ROOT:-/autograder}/source"
# Not below root's home: what grades does so as a user who cannot look in there.
target="${AUTOGRADER_HOME:-/opt/vae-autograder}"

python=""
look() {
    for name in python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python="$name"
            return 0
        fi
    done
    return 1
}
if ! look; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends python3.12 python3.12-venv ||
        apt-get install -y -qq --no-install-recommends python3.11 python3.11-venv
    look || { echo "Python 3.11 or newer is needed: choose a newer Ubuntu as the base image of the autograder." >&2; exit 1; }
fi

"$python" -m venv "$target"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir \
    --constraint "$source/constraints.txt" "$source"/*.whl
chmod -R a+rX "$target"
# For whoever reads the log of the image: which walls there are. They are asked for again at each submission.
"$target/bin/autograder" doctor || true
