#!/usr/bin/env bash
# Runs slurm.sh on a Slurm of one machine, and compares what it comes to with one run. For root, with Debian's slurm-wlm:
#
#   apt-get install slurm-wlm && examples/campaign/slurm_here.sh target/release/action-oracle
#
# One task is killed while it runs, and started again by hand.
set -euo pipefail
program=$(realpath "${1:?the program is expected}")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
seeds=0..40000 parts=8

stop() {
    for daemon in slurmd slurmctld; do
        if pkill -F "$folder/$daemon.pid" 2>/dev/null; then
            while pgrep -F "$folder/$daemon.pid" >/dev/null 2>&1; do sleep 0.1; done
        fi
    done
    rm -rf "$folder"
}
trap stop EXIT

# The least that Slurm needs: a key, who controls, and one node with the cores of this machine.
mkdir -p /run/munge && chown munge: /run/munge
pgrep -x munged >/dev/null || runuser -u munge -- munged
cat >"$folder/slurm.conf" <<CONF
ClusterName=here
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$folder/slurm.conf
mkdir "$folder/state" "$folder/spool"
slurmctld
slurmd
for _ in $(seq 50); do
    if [[ $(sinfo -h -o %t) == idle ]]; then break; fi
    sleep 0.2
done
sinfo

export PATH=$folder/bin:$PATH
mkdir "$folder/bin" && ln -s "$program" "$folder/bin/action-oracle"
submit() {
    sbatch --parsable --export=ALL --output="$folder/%a.log" --array="$1" "$here/slurm.sh" "$seeds" "$folder/parts"
}
job=$(submit "0-$((parts - 1))")
for _ in $(seq 100); do
    if [[ $(squeue -h -t R -j "$job" | wc -l) -gt 0 ]]; then break; fi
    sleep 0.1
done
killed=$(squeue -h -t R -j "$job" -o %K | head -1)
scancel --signal=KILL --full "${job}_$killed" || scancel "${job}_$killed"
echo "killed part $killed"
while [[ $(squeue -h -j "$job" | wc -l) -gt 0 ]]; do sleep 0.2; done

echo "without it:"
code=0
action-oracle report --merge "$folder"/parts/*.json | tail -1 || code=$?
if [[ -e "$folder/parts/$killed.json" || $code != 5 ]]; then
    echo "error: the killed part should be missing (exit code $code)" >&2
    exit 1
fi
echo "started again, as a job that knows of all parts:"
SLURM_ARRAY_TASK_ID=$killed SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_COUNT=$parts \
    srun --export=ALL sh "$here/slurm.sh" "$seeds" "$folder/parts"
action-oracle report --merge "$folder"/parts/*.json >"$folder/merged"
action-oracle simulate --seeds "$seeds" >"$folder/whole"
cmp "$folder/merged" "$folder/whole"
echo "the same as in one run: $(grep digest "$folder/whole")"
