//! Clauses about the action `enslave_node`.

use super::{Authority, Clause};

pub(super) const CLAUSES: &[Clause] = &[
    Clause {
        id: "ENS-1",
        statement: "`enslave_node` turns the node into a replica.",
        authority: &[Authority::Seed],
        source: "node actions page (seed)",
        observable: "node role or shard roles",
        readings: &["R-ENS-MEANING"],
    },
    Clause {
        id: "ENS-2",
        statement: "The CLI twin changes all endpoints and shards of the node to replicas. The old official REST text said: enslave all bound resources.",
        authority: &[Authority::Docs, Authority::Legacy],
        source: "`rladmin` reference (node enslave); reference text embedded in a client of 2022",
        observable: "shard roles on the node",
        readings: &[],
    },
    Clause {
        id: "ENS-3",
        statement: "The node's own role changes only with the option `demote_node`.",
        authority: &[Authority::Docs],
        source: "`rladmin` reference (node enslave); change node roles page, section Demote primary node",
        observable: "`role` in node status",
        readings: &[],
    },
    Clause {
        id: "ENS-4",
        statement: "Variants: `endpoints_only`, `shards_only`; option `retry_timeout_seconds`. Not documented for REST; the 2021 schema of the REST object has `demote_node`, `endpoints_only`, `shards_only` (booleans, default false).",
        authority: &[Authority::Docs, Authority::Legacy],
        source: "`rladmin` reference (node enslave); action schema embedded in a client of 2021",
        observable: "effect of the members",
        readings: &["R-POST-RLADMIN-PARAMS"],
    },
    Clause {
        id: "ENS-5",
        statement: "Example: the shards stay on the node (count unchanged) and become `slave`.",
        authority: &[Authority::Docs],
        source: "`rladmin` reference (node enslave), example",
        observable: "shard placement unchanged",
        readings: &[],
    },
    Clause {
        id: "ENS-6",
        statement: "Example for endpoints: a `single` endpoint moves to another node.",
        authority: &[Authority::Docs],
        source: "`rladmin` reference (node enslave), example",
        observable: "endpoint placement",
        readings: &[],
    },
    Clause {
        id: "ENS-7",
        statement: "The CLI prints the action name `enslave_node`.",
        authority: &[Authority::Docs],
        source: "`rladmin` reference (node enslave)",
        observable: "`name`",
        readings: &[],
    },
    Clause {
        id: "ENS-8",
        statement: "No request member and no error is documented for it.",
        authority: &[Authority::Seed],
        source: "node actions page (seed), by absence",
        observable: "none",
        readings: &["R-ENS-NOREPLICA"],
    },
];
