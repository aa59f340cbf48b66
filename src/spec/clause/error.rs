//! Clauses about errors and their bodies.

use super::{Authority, Clause};

pub(super) const CLAUSES: &[Clause] = &[
    Clause {
        id: "ERR-1",
        statement: "General meanings: 200 success; 400 the request failed, usually by a typo or other mistake; 401 authentication missing or wrong; 403 the user may not access the URI; 404 the URI does not exist; 503 the node gives no answer or does not belong to the cluster; 505 an unsupported `x-api-version` was used. Some endpoints differ and say so.",
        authority: &[Authority::Docs],
        source: "REST API page, section Response types and error codes",
        observable: "status codes",
        readings: &[],
    },
    Clause {
        id: "ERR-2",
        statement: "`internal_error` and `insufficient_resources` are listed for the two per-node GETs only, next to, not inside, their status codes.",
        authority: &[Authority::Seed],
        source: "node actions page (seed)",
        observable: "they come in a 200 body, not as HTTP errors",
        readings: &["R-ERRFIELDS"],
    },
    Clause {
        id: "ERR-3",
        statement: "The cluster pages list no error codes at all.",
        authority: &[Authority::Seed],
        source: "cluster actions pages (seeds), by absence",
        observable: "`error_code` in the object of a failed cluster action",
        readings: &["R-ERRFIELDS"],
    },
    Clause {
        id: "ERR-4",
        statement: "No error code is documented for the 400, 404, 406, 409 of this API.",
        authority: &[Authority::Seed, Authority::Docs],
        source: "node and cluster actions pages (seeds); cluster actions page of 8.0 and later",
        observable: "error bodies",
        readings: &["R-ERR-BODY"],
    },
    Clause {
        id: "ERR-5",
        statement: "Many sibling endpoints: on error the server may return JSON with `error_code` and `message`.",
        authority: &[Authority::Docs],
        source: "database, cluster, users, shards pages",
        observable: "body",
        readings: &[],
    },
    Clause {
        id: "ERR-6",
        statement: "Other sibling endpoints: `error_code` and `description`.",
        authority: &[Authority::Docs],
        source: "availability page, dry-run texts",
        observable: "body",
        readings: &[],
    },
    Clause {
        id: "ERR-7",
        statement: "The OpenAPI description defines one error schema for 400, 403, 404, 406, 409, 500, 503: `error_code` (semantic code), `description` (human text), `status_code` (integer), all required.",
        authority: &[Authority::Docs],
        source: "OpenAPI description",
        observable: "body",
        readings: &[],
    },
    Clause {
        id: "ERR-8",
        statement: "Names of codes used by siblings, for orientation only: `node_not_found`, `db_busy`, `shard_not_exist`, `invalid_schema`, `empty_request` (the last one measured: an empty body on another endpoint gives 400 on 8.0.10).",
        authority: &[Authority::Docs, Authority::Live],
        source: "nodes requests page, shard failover page, release notes 8.2.0-46; measured on 8.0.10",
        observable: "body",
        readings: &[],
    },
    Clause {
        id: "ERR-9",
        statement: "A node status page, snapshot page and node page answer 404 for a node uid that does not exist.",
        authority: &[Authority::Docs],
        source: "nodes requests page, node snapshot requests page, node status requests page",
        observable: "GET on a node path with an unknown uid, by analogy",
        readings: &["R-GET-UNKNOWN-NODE"],
    },
];
