#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A graphics processor against the processor: what doc/gpu.md wants measured, in one call on a machine that may have no
# compiler and no libraries but CUDA's.
#   bench/device.sh kit BUILD          on a machine with a build: makes BUILD/device-kit, to be taken along
#   BUILD/device-kit/run [DIMENSION...]  there: prints card, driver and command, then what bench/device.c prints
# 16000 on the processor takes minutes, so "16000x", the default, leaves that out.
set -eu
case ${1-} in
  kit)
    build=${2:?the build folder}
    here=$(cd "$(dirname "$0")" && pwd)
    make -C "$build" bench/device
    rm -rf "$build/device-kit"
    mkdir -p "$build/device-kit/lib"
    program=$build/bench/.libs/device
    [ -x "$program" ] || program=$build/bench/device
    cp "$program" "$build/device-kit/device"
    # the loader and the C library stay those of the machine
    ldd "$program" | awk '$3 ~ /^\// {print $3}' | grep -vE '/(libc|libm|libmvec|libpthread|libdl|librt)\.so' |
      while read -r library; do cp -L "$library" "$build/device-kit/lib/"; done
    cp "$here/device.sh" "$build/device-kit/run"
    chmod +x "$build/device-kit/run"
    du -sh "$build/device-kit"
    ;;
  *)
    kit=$(cd "$(dirname "$0")" && pwd)
    [ "$#" -gt 0 ] || set -- 2000 8000 16000x
    nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm --format=csv,noheader 2>/dev/null ||
      echo 'nvidia-smi: none'
    threads=$(nproc)
    grep -m 1 'model name' /proc/cpuinfo || true
    echo "command: device-kit/run $* (threads: $threads)"
    LD_LIBRARY_PATH=$kit/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} "$kit/device" "$threads" "$@"
    ;;
esac
