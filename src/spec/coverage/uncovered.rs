//! The clauses that no test and no invariant covers, each with the reason.
//!
//! In the order of the documents, one line each. A test holds the list to the code in both directions: a
//! clause that is neither covered nor listed fails, and so does one that is both.

/// The clause, and why nothing covers it.
pub const UNCOVERED: &[(&str, &str)] = &[
    ("LIFE-24", LOG),
    ("NODE-10", DOCUMENT),
    ("NODE-27", DOCUMENT),
    ("CLU-16", DOCUMENT),
    ("POST-4", CLIENT_DUTY),
    ("DEL-10", LOG),
    ("DEL-11", LOG),
    ("DEL-13", DOCUMENT),
    ("REM-16", LOG),
    ("MON-17", MEMORY),
    ("MON-21", COMMAND_LINE),
    ("SNAP-12", COMMAND_LINE),
    ("MOFF-14", NO_PROMISE),
    ("ENS-8", NO_PROMISE),
    ("CHM-9", TRANSPORT),
    ("CHM-12", DOCUMENT),
    ("OBJ-11", OTHER_VIEW),
    ("OBJ-12", OTHER_VIEW),
    ("OBJ-13", OTHER_VIEW),
    ("OBJ-14", OTHER_VIEW),
    ("OBJ-15", OTHER_VIEW),
    ("OBJ-16", NO_PROMISE),
    ("OBJ-17", OTHER_VIEW),
    ("ERR-4", NO_PROMISE),
    ("ERR-5", NO_PROMISE),
    ("ERR-7", NO_PROMISE),
    ("ERR-8", NO_PROMISE),
    ("HTTP-3", TRANSPORT),
    ("HTTP-4", TRANSPORT),
    ("HTTP-9", TRANSPORT),
    ("HTTP-14", TRANSPORT),
    ("OBS-4", OTHER_VIEW),
    ("OBS-5", OTHER_VIEW),
    ("OBS-6", COMMAND_LINE),
];

const LOG: &str = "shows in the event log of the cluster only, which is no part of the actions API";
const OTHER_VIEW: &str = "shows in another part of the REST API only, which the model does not serve";
const MEMORY: &str = "is about memory, of which the model knows nothing";
const COMMAND_LINE: &str = "is about the vendor's command line, not about REST";
const TRANSPORT: &str = "lies below the requests of the model: connections, tokens, further headers";
const DOCUMENT: &str = "is about the documents themselves; no behaviour follows from it";
const NO_PROMISE: &str = "promises nothing that a request could contradict";
const CLIENT_DUTY: &str = "is a duty of the client, not of the service";
