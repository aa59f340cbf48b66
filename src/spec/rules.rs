//! One answer to every open question that the model knows.
//!
//! The table below is the list of the modelled readings: for each one field of [`Rules`], and one enum whose
//! variants stand in the order of the reading's own. Names, meanings and defaults are the reading's
//! ([`super::reading`]); a test holds the order of both together.
//!
//! A rule is read by the method of its name, which notes that the question was consulted ([`consulted`]).
//! Nothing else consults: comparing, copying, naming and changing rules leave no trace.

mod error;
mod exclusions;
mod question;

use std::sync::LazyLock;

use super::{Edition, Reading, reading};

pub use error::RuleError;
pub use exclusions::ConflictCross;
pub(crate) use question::consulted_in_order;
pub use question::{Consulted, Question, consulted};

/// Declares the modelled readings: the field of [`Rules`], its type, the reading, the answers in its order.
macro_rules! modelled {
    ($($(#[$doc:meta])* $field:ident: $kind:ident = $id:literal { $($answer:ident),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            #[expect(missing_docs, reason = "the reading states the meaning of each answer")]
            pub enum $kind { $($answer),+ }

            impl $kind {
                const ANSWERS: &[Self] = &[$(Self::$answer),+];
            }
        )+

        /// An edition, and one answer to every modelled question. A value: copy it, change it, compare it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub struct Rules {
            edition: Edition,
            conflict_cross: ConflictCross,
            $($field: $kind,)+
        }

        /// The place of every question among all, named like the type of its answers.
        enum Place { Edition, ConflictCross, $($kind),+ }

        /// Each answer by its question. To read one is to consult the question.
        impl Rules {
            /// The era of the documents.
            #[inline]
            pub fn edition(&self) -> Edition {
                question::note(Place::Edition);
                self.edition
            }

            /// Which actions exclude each other beyond the single-instance rule.
            #[inline]
            pub fn conflict_cross(&self) -> ConflictCross {
                question::note(Place::ConflictCross);
                self.conflict_cross
            }

            $(
                $(#[$doc])*
                #[inline]
                pub fn $field(&self) -> $kind {
                    question::note(Place::$kind);
                    self.$field
                }
            )+

            /// The defaults of an edition, straight from the readings.
            fn from_readings(edition: Edition) -> Self {
                Self {
                    edition,
                    conflict_cross: ConflictCross::from_names(known(CONFLICT_CROSS).default_in(edition))
                        .expect("a reading's default is one of its variants"),
                    $($field: $kind::ANSWERS[position($id, known($id).default_in(edition))],)+
                }
            }
        }

        /// The readings with one answer each.
        const SINGLE: &[Modelled] = &[$(Modelled {
            id: $id,
            answers: &[$(stringify!($answer)),+],
            get: |rules| rules.$field as usize,
            set: |rules, answer| rules.$field = $kind::ANSWERS[answer],
        }),+];
    };
}

modelled! {
    /// Whether the status `aborted` exists.
    aborted_exists: AbortedExists = "R-ABORTED-EXISTS" { Seven, Eight }
    /// What makes a task `aborted`.
    aborted_cause: AbortedCause = "R-ABORTED-CAUSE" { Internal, Precheck, User }
    /// Whether an aborted status is kept.
    aborted_retention: AbortedRetention = "R-ABORTED-RETENTION" { Kept, Dropped }
    /// What DELETE does while the action is starting.
    starting_cancel: StartingCancel = "R-STARTING-CANCEL" { Defer, Direct, Via, Refuse, Refuse409 }
    /// Whether an action can fail before it runs.
    starting_fail: StartingFail = "R-STARTING-FAIL" { Never, Failed, Aborted }
    /// Where a refused precondition shows that has no reading of its own.
    precheck_status: PrecheckStatus = "R-PRECHECK-STATUS" { AsyncFailed, AsyncAborted, Sync }
    /// How a cancellation may end.
    cancelling_outcome: CancellingOutcome = "R-CANCELLING-OUTCOME" { OnlyCancelled, MayComplete }
    /// How long the status of the last run is kept.
    status_retention: StatusRetention = "R-STATUS-RETENTION" { Forever, Ttl }
    /// What a queued removal leaves behind when it is cancelled.
    queued_cancel_effect: QueuedCancelEffect = "R-QUEUED-CANCEL-EFFECT" { Flag, None }

    /// The shape of the list of all nodes' actions.
    allnodes_shape: AllnodesShape = "R-ALLNODES-SHAPE" { Wrapped, Bare }
    /// The shape of the list of cluster actions.
    clusterlist_shape: ClusterlistShape = "R-CLUSTERLIST-SHAPE" { Wrapped, Bare }
    /// The answer for an empty list of cluster actions.
    list_empty_cluster: ListEmptyCluster = "R-LIST-EMPTY-CLUSTER" { Empty200, Notfound }
    /// The list of a node that does not exist.
    get_unknown_node: GetUnknownNode = "R-GET-UNKNOWN-NODE" { Notfound, Empty200 }
    /// Node uids in a path that are not canonical decimals.
    nodeuid_syntax: NodeuidSyntax = "R-NODEUID-SYNTAX" { IntRoute, Lookup, Badrequest }
    /// What `remove` is called in answers and paths.
    name_remove: NameRemove = "R-NAME-REMOVE" { Taskname, Pathname, Alias }
    /// The JSON type of `node_uid` in answers.
    nodeuid_type: NodeuidType = "R-NODEUID-TYPE" { String, Integer }
    /// The JSON type of `progress`.
    progress_type: ProgressType = "R-PROGRESS-TYPE" { Number, Int, String }
    /// The progress shown by an action that ended without completing.
    progress_values: ProgressValues = "R-PROGRESS-VALUES" { KeepLast, Zero, Hundred }

    /// How far the single-instance rule reaches.
    conflict_scope: ConflictScope = "R-CONFLICT-SCOPE" { PerNodeType, ClusterType, PerNodeAny, ClusterAny }
    /// Which statuses refuse a second instance.
    conflict_states: ConflictStates = "R-CONFLICT-STATES" { Unfinished, NotCancelling }
    /// Whether a refused POST removes the old status.
    resubmit_rejected: ResubmitRejected = "R-RESUBMIT-REJECTED" { Keep, Drop }
    /// Whose old status a new submission removes.
    resubmit_scope: ResubmitScope = "R-RESUBMIT-SCOPE" { SameNode, AllNodes }
    /// POST of an unknown action to a node.
    post_unknown_action: PostUnknownAction = "R-POST-UNKNOWN-ACTION" { Badrequest, Notfound, Method }
    /// POST to a node that does not exist.
    post_unknown_node: PostUnknownNode = "R-POST-UNKNOWN-NODE" { Notfound, Badrequest }
    /// POST without a body.
    post_empty_body: PostEmptyBody = "R-POST-EMPTY-BODY" { Badrequest, AsEmptyObject }
    /// POST of a body that is not JSON to a node.
    post_malformed: PostMalformed = "R-POST-MALFORMED" { Badrequest, Unprocessable }
    /// POST of a body that is JSON but no object.
    post_nonobject: PostNonobject = "R-POST-NONOBJECT" { Badrequest, NullOk }
    /// Unknown members of a body.
    post_unknown_field: PostUnknownField = "R-POST-UNKNOWN-FIELD" { Ignore, Badrequest }
    /// Known members of a wrong type.
    post_wrong_type: PostWrongType = "R-POST-WRONG-TYPE" { Badrequest, Coerce, Ignore, AsyncFailed }
    /// Whether the options of the CLI exist in REST.
    post_rladmin_params: PostRladminParams = "R-POST-RLADMIN-PARAMS" { Absent, Schema21, All }
    /// POST without the JSON content type.
    post_content_type: PostContentType = "R-POST-CONTENT-TYPE" { Lenient, Strict400, Strict415 }

    /// DELETE of an instance that ended, but not completed.
    del_other_terminal: DelOtherTerminal = "R-DEL-OTHER-TERMINAL" { AllEnds, OnlyCompleted }
    /// What remains of a queued action after DELETE.
    del_queued: DelQueued = "R-DEL-QUEUED" { Shown, Gone }
    /// When DELETE of a running action takes hold.
    del_running: DelRunning = "R-DEL-RUNNING" { Immediate, Eventual }
    /// A second DELETE during the cancellation.
    del_cancelling: DelCancelling = "R-DEL-CANCELLING" { Idempotent200, Conflict409, Notfound }
    /// DELETE of a cluster action.
    del_cluster: DelCluster = "R-DEL-CLUSTER" { SameAsNode, StatusOnly, Never }
    /// Whether a cancelled run undoes what it did.
    cancel_effect: CancelEffect = "R-CANCEL-EFFECT" { Partial, Rollback }

    /// Whether the removal mark survives a removal that did not complete.
    remove_flag: RemoveFlag = "R-REMOVE-FLAG" { Sticky, FailOnly, Rollback }
    /// What remains readable of a completed removal.
    remove_status_after: RemoveStatusAfter = "R-REMOVE-STATUS-AFTER" { Keep, Gone, KeepInAll }
    /// Removal of the only node.
    remove_last: RemoveLast = "R-REMOVE-LAST" { FailedResources, Refused, Allowed }
    /// Removal of the primary node.
    remove_master: RemoveMaster = "R-REMOVE-MASTER" { Allowed, Refused, Aborted }

    /// How lack of capacity for a removal shows.
    remove_capacity: RemoveCapacity = "R-REMOVE-CAPACITY" { Async, Sync }
    /// Whether a removal checks the quorum.
    remove_quorum: RemoveQuorum = "R-REMOVE-QUORUM" { None, Checked }
    /// Whether `wait_for_persistence` or the policy wins.
    remove_persist: RemovePersist = "R-REMOVE-PERSIST" { Override, Or }
    /// Whether shards come back after a removal that did not complete.
    remove_partial: RemovePartial = "R-REMOVE-PARTIAL" { Stay, Return }

    /// What the quorum check counts.
    quorum_formula: QuorumFormula = "R-QUORUM-FORMULA" { MajorityStrict, OneDown, Half }
    /// Clusters of one or two nodes.
    quorum_small: QuorumSmall = "R-QUORUM-SMALL" { Refuse, Exempt }
    /// Where a missing quorum shows.
    quorum_when: QuorumWhen = "R-QUORUM-WHEN" { AsyncFailed, AsyncAborted, Sync }
    /// Whether one `evict_*` member has an effect by itself.
    evict_one_flag: EvictOneFlag = "R-EVICT-ONE-FLAG" { Independent, PairOnly }
    /// Masters that have no replica elsewhere, when replicas are kept.
    evict_masters: EvictMasters = "R-EVICT-MASTERS" { FailoverElseMigrate, FailoverElseStay, FailoverElseFail }
    /// Whether `evict_dbs` restricts the eviction or adds to it.
    evict_dbs: EvictDbs = "R-EVICT-DBS" { Only, Add }
    /// Unknown databases in `evict_dbs`, and an empty list.
    evict_dbs_unknown: EvictDbsUnknown = "R-EVICT-DBS-UNKNOWN" {
        UnknownFailed, UnknownBadrequest, UnknownIgnore, EmptyNothing,
    }
    /// The deprecated `keep_slave_shards`.
    keep_slave: KeepSlave = "R-KEEP-SLAVE" { Honour, Ignore, OldWins }
    /// maintenance_on without room for all shards.
    mon_nospace: MonNospace = "R-MON-NOSPACE" { Failed, CompletedPartial }
    /// `overwrite_snapshot` while the node is in maintenance.
    snap_overwrite_active: SnapOverwriteActive = "R-SNAP-OVERWRITE-ACTIVE" { Faithful, Guarded }
    /// Whether activations stack.
    stack: Stack = "R-STACK" { Flag, Counter, SnapshotStack }
    /// The mark and the snapshot after a maintenance_on that did not complete.
    mon_fail_state: MonFailState = "R-MON-FAIL-STATE" { Stays, Rollback, Deleted, RollbackDeleted }

    /// Which snapshot is the latest.
    moff_latest: MoffLatest = "R-MOFF-LATEST" { Maint, Any }
    /// maintenance_off without a usable snapshot.
    moff_nosnap: MoffNosnap = "R-MOFF-NOSNAP" { Failed, StatusCancelled, CompletedNoop, Sync }
    /// maintenance_off with an unknown snapshot name.
    moff_unknown_name: MoffUnknownName = "R-MOFF-UNKNOWN-NAME" { AsyncFailed, Sync404, Sync400, AsyncCancelled }
    /// What `skip_shards_restore` does with the snapshot.
    moff_skip: MoffSkip = "R-MOFF-SKIP" { Deletes, Keeps, NeedsSnapshot }
    /// Which snapshot a completed maintenance_off deletes.
    moff_delete: MoffDelete = "R-MOFF-DELETE" { MaintOnly, Loaded, Both }
    /// Shards of the snapshot that are gone.
    moff_restore_gone: MoffRestoreGone = "R-MOFF-RESTORE-GONE" { BestEffort, Failed }
    /// Whether roles are restored.
    moff_roles: MoffRoles = "R-MOFF-ROLES" { Restored, Kept }
    /// The mark after a failed maintenance_off.
    moff_fail_state: MoffFailState = "R-MOFF-FAIL-STATE" { Remain, Step }
    /// The mark after a cancelled or aborted maintenance_off.
    moff_cancel_state: MoffCancelState = "R-MOFF-CANCEL-STATE" { Remain, Step }

    /// Whether enslave_node concerns the resources or the node.
    ens_meaning: EnsMeaning = "R-ENS-MEANING" { Resources, NodeRole, Both }

    /// change_master to a node that does not exist.
    chm_unknown: ChmUnknown = "R-CHM-UNKNOWN" { Badrequest, Notfound }
    /// change_master to a node that is not bootstrapped.
    chm_notboot: ChmNotboot = "R-CHM-NOTBOOT" { Allowed, Notacceptable }
    /// change_master to the present primary.
    chm_current: ChmCurrent = "R-CHM-CURRENT" { Noop200, Conflict, Badrequest }
    /// Integers as `node_uid` of change_master.
    chm_type: ChmType = "R-CHM-TYPE" { Both, StringOnly }
    /// Whether change_master is a task.
    chm_record: ChmRecord = "R-CHM-RECORD" { Task, Sync }
    /// change_master to a node in maintenance or marked by a removal.
    chm_maint: ChmMaint = "R-CHM-MAINT" { Allowed, Refused }
    /// What a change of primary does to unfinished node tasks.
    chm_tasks: ChmTasks = "R-CHM-TASKS" { Continue, Abort }
    /// When the role moves.
    chm_when: ChmWhen = "R-CHM-WHEN" { Completion, Acceptance, Start }

    /// Which ends carry the error members.
    errfields: Errfields = "R-ERRFIELDS" { FailedOnly, AllEnds }
    /// What the error text is called.
    errmsg_name: ErrmsgName = "R-ERRMSG-NAME" { ErrorMessage, Message, Description }
    /// Whether tasks fail with other codes than the documented two.
    errcode_set: ErrcodeSet = "R-ERRCODE-SET" { Closed, Open }

    /// Whether the permission is checked before existence and conflict.
    perm_first: PermFirst = "R-PERM-FIRST" { PermissionFirst, PermissionLast }
    /// Whether user_manager may read statuses.
    role_usermgr: RoleUsermgr = "R-ROLE-USERMGR" { Absent, Views }
    /// Whether the version may be left out of a path.
    version_prefix: VersionPrefix = "R-VERSION-PREFIX" { Required, Optional }
    /// The answer to a method that a path does not have.
    methods_405: Methods405 = "R-METHODS-405" { Method405, Notfound404, Notimplemented501 }
}

/// The reading whose answers combine.
const CONFLICT_CROSS: &str = "R-CONFLICT-CROSS";

/// A reading with one answer, as the table declares it.
struct Modelled {
    id: &'static str,
    answers: &'static [&'static str],
    get: fn(&Rules) -> usize,
    set: fn(&mut Rules, usize),
}

/// The IDs of all modelled readings, in the order of the table.
pub fn modelled() -> impl Iterator<Item = &'static str> {
    Question::readings().map(Question::id)
}

impl Rules {
    /// The defaults of an edition.
    pub fn new(edition: Edition) -> Self {
        static DEFAULTS: LazyLock<[Rules; 3]> = LazyLock::new(|| Edition::ALL.map(Rules::from_readings));
        DEFAULTS[edition as usize]
    }

    /// Sets one reading by name. On an error nothing changes.
    pub fn set(&mut self, id: &str, variant: &str) -> Result<(), RuleError> {
        let reading = reading::find(id).ok_or_else(|| RuleError::UnknownReading(id.to_owned()))?;
        let unknown = || RuleError::UnknownVariant { reading, variant: variant.to_owned() };
        let question = Question::find(id).ok_or(RuleError::NotModelled(reading))?;
        self.choose(question, question.answer_named(variant).ok_or_else(unknown)?);
        Ok(())
    }

    /// Sets readings from `R-NAME=VARIANT`, separated by commas. On an error nothing changes.
    pub fn set_all(&mut self, text: &str) -> Result<(), RuleError> {
        let mut changed = *self;
        for rule in text.split(',').map(str::trim).filter(|rule| !rule.is_empty()) {
            let (id, variant) = rule.split_once('=').ok_or_else(|| RuleError::Form(rule.to_owned()))?;
            changed.set(id.trim(), variant.trim())?;
        }
        *self = changed;
        Ok(())
    }

    /// The answer to a modelled reading; `None` for any other.
    pub fn get(&self, id: &str) -> Option<String> {
        let question = Question::readings().find(|question| question.id() == id)?;
        Some(question.answer_name(self.answer(question)))
    }

    /// Every answer, in the order of the table, in the words of a header that pins all of them.
    pub fn answers(&self) -> Vec<(String, String)> {
        let answer =
            |question: Question| (question.id().to_owned(), question.answer_name(self.answer(question)));
        Question::readings().map(answer).collect()
    }

    /// The answers that differ from the edition's defaults, in the order of the table.
    pub fn overrides(&self) -> Vec<(&'static str, String)> {
        let defaults = Self::new(self.edition);
        let differ = Question::readings().filter(|of| self.answer(*of) != defaults.answer(*of));
        differ.map(|question| (question.id(), question.answer_name(self.answer(question)))).collect()
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::new(Edition::default())
    }
}

/// A reading that the table names.
fn known(id: &str) -> &'static Reading {
    reading::find(id).expect("the table names readings that exist")
}

fn position(id: &str, variant: &str) -> usize {
    position_in(known(id), variant).expect("a reading's default is one of its variants")
}

fn position_in(reading: &Reading, variant: &str) -> Option<usize> {
    reading.variants.iter().position(|known| known.name == variant)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `NotCancelling` and `NOT-CANCELLING` are the same word.
    fn plain(name: &str) -> String {
        name.replace('-', "").to_lowercase()
    }

    #[test]
    fn the_table_names_the_variants_in_the_order_of_the_readings() {
        for modelled in SINGLE {
            let names: Vec<_> = known(modelled.id).variants.iter().map(|v| plain(v.name)).collect();
            let answers: Vec<_> = modelled.answers.iter().map(|answer| plain(answer)).collect();
            assert_eq!(answers, names, "{}", modelled.id);
        }
    }

    #[test]
    fn every_variant_can_be_set_and_read_back() {
        for id in modelled() {
            for variant in known(id).variants {
                let mut rules = Rules::default();
                rules.set(id, variant.name).expect("the variant exists");
                assert_eq!(rules.get(id).as_deref(), Some(variant.name), "{id}");
            }
        }
    }

    #[test]
    fn exclusions_combine() {
        let mut rules = Rules::default();
        rules.set_all("R-CONFLICT-CROSS=MASTER-VS-NODE+ON-OFF-EXCLUSIVE").expect("both exist");
        assert_eq!(rules.overrides(), [(CONFLICT_CROSS, "ON-OFF-EXCLUSIVE+MASTER-VS-NODE".to_owned())]);
    }

    #[test]
    fn an_error_names_what_is_known_and_changes_nothing() {
        let mut rules = Rules::default();
        let error = rules.set_all("R-DEL-QUEUED=GONE, R-DEL-QUEUED=MAYBE").expect_err("no such variant");
        assert_eq!(error.to_string(), "R-DEL-QUEUED has no variant `MAYBE`; it has SHOWN, GONE");
        assert_eq!(rules, Rules::default());
    }
}
