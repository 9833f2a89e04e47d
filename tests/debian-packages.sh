#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Installs what the suites need from Debian when it may; otherwise names it and lets the suites skip.
# With `extras`: prints the uv options for the suites whose program is there.
set -eu
cd -- "$(dirname -- "$0")"

wanted() { grep -v '^#' debian-packages.txt; }

if [ "${1:-}" = extras ]; then
    wanted | while read -r _ program _ extra; do
        if [ "$extra" != - ] && command -v "$program" >/dev/null; then printf -- '--extra %s ' "$extra"; fi
    done
    exit 0
fi

missing=$(wanted | while read -r package program _; do
    command -v "$program" >/dev/null || [ -e "$program" ] || echo "$package"
done)
[ -n "$missing" ] || exit 0
command -v apt-get >/dev/null || { echo "not here and no apt-get to bring them:" $missing; exit 0; }

if [ "$(id -u)" = 0 ]; then
    may=
elif sudo -n true 2>/dev/null; then
    may=sudo
else
    echo "not here, and neither root nor sudo to install them:" $missing
    exit 0
fi
echo "installing from Debian:" $missing
# Java's package expects this folder, which small images leave out.
$may mkdir -p /usr/share/man/man1
# The suites start a PostgreSQL of their own: the package must not begin one that stays.
settings=/etc/postgresql-common/createcluster.conf
[ -e "$settings" ] || $may sh -c "mkdir -p ${settings%/*} && echo 'create_main_cluster = false' > $settings"
# Nor may a mail server, a directory or a log daemon begin: the suites start their own, on ports of their own.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    $may sh -c "printf '#!/bin/sh\nexit 101\n' > $policy && chmod 755 $policy"
    trap '$may rm -f "$policy"' EXIT
fi
$may env DEBIAN_FRONTEND=noninteractive sh -c "apt-get -qq update && apt-get -qq install -y --no-install-recommends $(echo $missing)" >/dev/null 2>&1 ||
    echo "could not be installed; their suites will be skipped:" $missing
for service in postfix slapd rsyslog; do
    case " $(echo $missing) " in *" $service "*) $may systemctl disable --quiet "$service" 2>/dev/null || true ;; esac
done
