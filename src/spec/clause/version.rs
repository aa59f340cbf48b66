//! Clauses about the differences between versions.

use super::{Authority, Clause};

pub(super) const CLAUSES: &[Clause] = &[
    Clause {
        id: "VER-1",
        statement: "5.4.2: maintenance mode introduced; removal call must be JSON. 5.6.0: `demote_node` in the CLI.",
        authority: &[Authority::Legacy],
        source: "release notes 5.4.2, 5.6.0",
        observable: "E-72",
        readings: &[],
    },
    Clause {
        id: "VER-2",
        statement: "6.4.2: failed removal rolls back node configuration; alert for failed, aborted, cancelled node operations.",
        authority: &[Authority::Docs],
        source: "release notes 6.4.2-61 and 6.4.2-30",
        observable: "REM-4, DEL-11",
        readings: &[],
    },
    Clause {
        id: "VER-3",
        statement: "7.4.2: float progress; only the latest maintenance snapshot kept; `overwrite_snapshot`; `evict_*`; snapshot REST requests; `keep_slave_shards` deprecated.",
        authority: &[Authority::Docs],
        source: "release notes 7.4.2-54",
        observable: "OBJ-2, SNAP-1, SNAP-3, MON-11",
        readings: &[],
    },
    Clause {
        id: "VER-4",
        statement: "2024-04 docs: `wait_for_persistence`. 2024-09 docs: `change_master`; `maintenance_snapshot` in node status.",
        authority: &[Authority::Docs],
        source: "history of the documents",
        observable: "REM-7, CHM-12, SNAP-15",
        readings: &[],
    },
    Clause {
        id: "VER-5",
        statement: "7.8.2: role user_manager. 7.8.4: maintenance tasks no longer marked aborted on demotion. 7.8.6 and 7.22.0 patches: snapshot deleted on skip.",
        authority: &[Authority::Docs],
        source: "release notes",
        observable: "PERM-4, MON-23, SNAP-17",
        readings: &[],
    },
    Clause {
        id: "VER-6",
        statement: "2025-03 docs: `/v1` in all examples. 2025-06 docs: wording of the quorum check clarified (counts active nodes; ignores maintenance of others).",
        authority: &[Authority::Docs],
        source: "history of the documents",
        observable: "HTTP-6, MON-2, MON-3",
        readings: &[],
    },
    Clause {
        id: "VER-7",
        statement: "7.22: `/v2/actions`.",
        authority: &[Authority::Docs, Authority::Live],
        source: "release notes 7.22.0-95; contract suite of the crate `redis-enterprise` 0.10.0",
        observable: "OBJ-13",
        readings: &[],
    },
    Clause {
        id: "VER-8",
        statement: "8.0.2: `change_master` 404 and 406. 2026-02 docs: status `aborted`.",
        authority: &[Authority::Docs],
        source: "cluster actions page of 8.0 and later, release notes 8.0.2-17, action object page",
        observable: "CHM-5, CHM-6, LIFE-2",
        readings: &[],
    },
    Clause {
        id: "VER-9",
        statement: "8.0.2 also changes provisional RAM in node status (real value at the shard limit instead of 0), which weakens that value as a sign of maintenance.",
        authority: &[Authority::Docs],
        source: "release notes 8.0.2-17",
        observable: "MON-17",
        readings: &[],
    },
];
