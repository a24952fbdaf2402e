# Sourced by the scripts: finds a Python the portal runs on, then hands over to it.
set -euo pipefail

usable() {
  command -v "$1" >/dev/null &&
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
  for python in python3 python3.13 python3.12 python3.11; do
    if usable "$python"; then return 0; fi
  done
  return 1
}

install_python() {
  local as_root=()
  if [[ $EUID -ne 0 ]]; then
    sudo -n true 2>/dev/null || return 1
    as_root=(sudo -n)
  fi
  echo "Installing python3 and python3-venv with apt"
  "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
}

run() {
  local command="$1" data="$2"
  shift 2
  if ! find_python; then
    install_python || true
    find_python || {
      echo "Python 3.11, 3.12 or 3.13 is missing: run 'sudo apt-get install python3 python3-venv'." >&2
      exit 1
    }
  fi
  PORTAL_DATA="$(realpath -m -- "$data")"
  export PORTAL_DATA
  cd "$root"
  exec "$python" -m script.internals.bootstrap "$command" "$@"
}
