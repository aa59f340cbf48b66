//! Clauses about what else shows the state of the cluster.

use super::{Authority, Clause};

pub(super) const CLAUSES: &[Clause] = &[
    Clause {
        id: "OBS-1",
        statement: "`/v1/nodes`, `/v1/nodes/{uid}`: `status` (`active`, `decommissioning`, `down`, `provisioning`), `shard_count`, `shard_list`, `accept_servers`, `max_listeners`, `max_redis_servers`.",
        authority: &[Authority::Docs],
        source: "nodes requests page, node object page",
        observable: "request",
        readings: &[],
    },
    Clause {
        id: "OBS-2",
        statement: "`/v1/nodes/status`: map by uid; `/v1/nodes/{uid}/status`: one object; members `role` (`master`/`slave`), `node_status`, `master_shards`, `slave_shards`, provisional RAM, `maintenance_snapshot`. 404 for an unknown uid.",
        authority: &[Authority::Docs],
        source: "node status requests page",
        observable: "request",
        readings: &[],
    },
    Clause {
        id: "OBS-3",
        statement: "`/v1/shards`: per shard `uid`, `role`, `node_uid`, `bdb_uid`.",
        authority: &[Authority::Docs],
        source: "shards pages",
        observable: "request",
        readings: &[],
    },
    Clause {
        id: "OBS-4",
        statement: "`/v1/logs`: events with `type`; names in its example carry the prefix `cluster_`, the events page has none.",
        authority: &[Authority::Docs],
        source: "logs page against the alerts and events page",
        observable: "request",
        readings: &[],
    },
    Clause {
        id: "OBS-5",
        statement: "`/v4/cluster/health` (8.0 and later) reports per node `in_maintenance` and `quorum_only` (both boolean, required), `role` (`leader`/`follower`), `detailed_status`. The only REST view that states maintenance directly.",
        authority: &[Authority::Docs],
        source: "OpenAPI description",
        observable: "request",
        readings: &[],
    },
    Clause {
        id: "OBS-6",
        statement: "`rladmin cluster running_actions` lists active tasks with name, task id, node, status, for example `maintenance_on` ... Node: 1 Status: running.",
        authority: &[Authority::Docs],
        source: "`rladmin` reference (cluster running_actions)",
        observable: "CLI",
        readings: &[],
    },
];
