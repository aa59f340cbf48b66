#!/bin/sh
# A campaign as an array job of Slurm. Each task does its part, which it finds in its environment:
#
#   sbatch --array=1-100 examples/campaign/slurm.sh 0..10000000 /shared/parts
#   action-oracle report --merge /shared/parts/*.json
#
# A task that dies and is started again writes the same file again, and is counted once.
#SBATCH --job-name=action-oracle
#SBATCH --requeue
set -eu
mkdir -p "$2"
part="$2/$SLURM_ARRAY_TASK_ID.json"
code=0
action-oracle simulate --seeds "$1" --partition auto --jobs "${SLURM_CPUS_PER_TASK:-1}" --format json \
    --cases "$2/cases" >"$part.$$" || code=$?
# What broke an invariant ends with 1, and what did not check everything with 6: both are results.
case $code in 0 | 1 | 6) mv "$part.$$" "$part" ;; *) exit $code ;; esac
