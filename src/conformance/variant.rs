//! Legal variants: other readings of the documents, other speeds, other forms on the wire. None of them may ever be
//! accused.

/// Declares the variants: the name in code, the name in words, the reading it follows, what it does.
macro_rules! variants {
    ($($variant:ident $name:literal $reading:literal $says:literal)+) => {
        /// A way of implementing the interface that the documents allow, beside the expected one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Variant { $(#[doc = $says] $variant),+ }

        impl Variant {
            /// All variants: speeds, forms, admissions, effects, access.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name in words.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The reading that leaves room for it.
            pub fn reading(self) -> &'static str {
                match self { $(Self::$variant => $reading),+ }
            }

            /// What it does, in one sentence.
            pub fn says(self) -> &'static str {
                match self { $(Self::$variant => $says),+ }
            }
        }
    };
}

variants! {
    Instant "instant" "R-POST-INITIAL" "An action has ended when its POST is answered."
    MovesOnRequests "moves-on-requests" "R-TIME" "Something goes on before each request, and only then."
    MovesOnReads "moves-on-reads" "R-TIME" "Something goes on before each GET, and only then."
    VerySlow "very-slow" "R-TIME" "Hardly anything goes on."

    ProgressInteger "progress-integer" "R-PROGRESS-TYPE" "Progress is an integer."
    ProgressString "progress-string" "R-PROGRESS-TYPE" "Progress is a string."
    ProgressMissing "progress-missing" "R-PROGRESS-VALUES" "Progress is left out."
    ProgressBack "progress-back" "R-PROGRESS-VALUES" "Progress may go back."
    ProgressZeroAtEnds "progress-zero-at-ends" "R-PROGRESS-VALUES" "What has not completed shows no progress."
    ProgressFullAtEnds "progress-full-at-ends" "R-PROGRESS-VALUES" "All that has ended shows 100."
    UidInteger "uid-integer" "R-NODEUID-TYPE" "node_uid is an integer."
    AllNodesBare "all-nodes-bare" "R-ALLNODES-SHAPE" "The list of all nodes is an array."
    ClusterBare "cluster-bare" "R-CLUSTERLIST-SHAPE" "The list of the cluster is an array."
    ClusterEmptyNotFound "cluster-empty-not-found" "R-LIST-EMPTY-CLUSTER" "The empty list of the cluster is 404."
    NamedRemove "named-remove" "R-NAME-REMOVE" "The removal has the name of its path."
    RemoveAlias "remove-alias" "R-NAME-REMOVE" "remove_node is a path as well."
    MinimalObject "minimal-object" "R-GET-FIELDS" "Only the status and the error of one action are shown."
    ExtraMembers "extra-members" "R-GET-FIELDS" "Objects have more members."
    MembersReversed "members-reversed" "R-GET-FIELDS" "Members have another order."
    ListsReversed "lists-reversed" "R-LIST-ORDER" "Lists have another order."
    InternalTasks "internal-tasks" "R-LIST-INTERNAL" "Lists show tasks of the cluster itself."
    ClusterEntryNode "cluster-entry-node" "R-CLUSTER-ENTRY-NODE" "change_master shows the node that it promotes."
    TaskHidden "task-hidden" "R-TASKID" "No task id is shown."
    TaskNumber "task-number" "R-TASKID" "A task id is a number in words."
    TaskAsUid "task-as-uid" "R-TASKID" "The task id is shown as action_uid too."
    ErrorMessage "error-message" "R-ERRMSG-NAME" "The text of an error is called message."
    ErrorDescription "error-description" "R-ERRMSG-NAME" "The text of an error is called description."
    ErrorAtAllEnds "error-at-all-ends" "R-ERRFIELDS" "What was cancelled or aborted has an error code."
    EntriesWithoutError "entries-without-error" "R-ERRFIELDS" "Lists show no errors."
    PostEmpty "post-empty" "R-POST-BODY-SHAPE" "An accepted POST has no body."
    DeleteWithBody "delete-with-body" "R-DEL-RESPONSE" "An accepted DELETE has a body."
    RefusalEmpty "refusal-empty" "R-ERR-BODY" "A refusal has no body."

    ConflictOfCluster "conflict-of-cluster" "R-CONFLICT-SCOPE" "One instance of an action lives in the cluster."
    ConflictOfNode "conflict-of-node" "R-CONFLICT-SCOPE" "One instance lives on a node."
    ConflictOfAll "conflict-of-all" "R-CONFLICT-SCOPE" "One instance on a node lives in the cluster."
    OnOffExclusive "on-off-exclusive" "R-CONFLICT-CROSS" "maintenance_on and maintenance_off exclude each other."
    RemoveExclusive "remove-exclusive" "R-CONFLICT-CROSS" "A removal and other actions of the node exclude each other."
    MasterExclusive "master-exclusive" "R-CONFLICT-CROSS" "change_master and actions of nodes exclude each other."
    CancellingFrees "cancelling-frees" "R-CONFLICT-STATES" "What is being cancelled refuses nothing."
    ResubmitAllNodes "resubmit-all-nodes" "R-RESUBMIT-SCOPE" "A submission removes the results of all nodes."
    RejectedDrops "rejected-drops" "R-RESUBMIT-REJECTED" "A POST that is 400 removes the old result."
    UnknownActionNotFound "unknown-action-not-found" "R-POST-UNKNOWN-ACTION" "POST of an unknown action is 404."
    UnknownNodeBadRequest "unknown-node-bad-request" "R-POST-UNKNOWN-NODE" "POST to an unknown node is 400."
    UnknownNodeEmpty "unknown-node-empty" "R-GET-UNKNOWN-NODE" "The list of an unknown node is empty."
    NoBodyFine "no-body-fine" "R-POST-EMPTY-BODY" "No body is an empty object."
    StrangeRefused "strange-refused" "R-POST-UNKNOWN-FIELD" "Unknown members are refused."
    WrongTypeIgnored "wrong-type-ignored" "R-POST-WRONG-TYPE" "A member of a wrong type is ignored."
    ContentTypeStrict "content-type-strict" "R-POST-CONTENT-TYPE" "A POST without content type is 415."
    ConflictFirst "conflict-first" "R-POST-ORDER" "Conflicts are looked for before the body is read."

    StartingDirect "starting-direct" "R-STARTING-CANCEL" "What is starting is cancelled at once."
    StartingVia "starting-via" "R-STARTING-CANCEL" "What is starting goes through a cancellation."
    StartingRefused "starting-refused" "R-STARTING-CANCEL" "What is starting cannot be cancelled: 409."
    QueuedGone "queued-gone" "R-DEL-QUEUED" "What was cancelled in the queue is gone."
    RunningEventual "running-eventual" "R-DEL-RUNNING" "A cancellation takes hold later."
    CancellingRefused "cancelling-refused" "R-DEL-CANCELLING" "A second DELETE is 409."
    ClusterStatusOnly "cluster-status-only" "R-DEL-CLUSTER" "change_master cannot be cancelled, its status is deleted."
    ClusterNever "cluster-never" "R-DEL-CLUSTER" "DELETE of change_master is 404."
    OnlyCompletedDeleted "only-completed-deleted" "R-DEL-OTHER-TERMINAL" "Only completed results are deleted."
    CancellingMayComplete "cancelling-may-complete" "R-CANCELLING-OUTCOME" "A cancellation may come too late."
    CancelIsAbort "cancel-is-abort" "R-ABORTED-CAUSE" "What is cancelled while it runs is aborted."
    AbortedDropped "aborted-dropped" "R-ABORTED-RETENTION" "What was aborted is gone."
    NeverAborted "never-aborted" "R-ABORTED-EXISTS" "Nothing is aborted."

    RemovalGone "removal-gone" "R-REMOVE-STATUS-AFTER" "A removed node leaves nothing."
    RemovalInAllOnly "removal-in-all-only" "R-REMOVE-STATUS-AFTER" "A removed node is in the list of all nodes only."
    RemoveMasterRefused "remove-master-refused" "R-REMOVE-MASTER" "The primary cannot be removed: 403."
    QuorumRefuses "quorum-refuses" "R-QUORUM-WHEN" "A maintenance_on without quorum is 406."
    QuorumExempt "quorum-exempt" "R-QUORUM-SMALL" "Two nodes need no quorum."
    OverwriteGuarded "overwrite-guarded" "R-SNAP-OVERWRITE-ACTIVE" "Nothing is overwritten during maintenance."
    OffDoesNothing "off-does-nothing" "R-MOFF-NOSNAP" "maintenance_off without a snapshot completes."
    OffCancelled "off-cancelled" "R-MOFF-NOSNAP" "maintenance_off without a snapshot is cancelled."
    OffUnknownNotFound "off-unknown-not-found" "R-MOFF-UNKNOWN-NAME" "maintenance_off with an unknown snapshot is 404."
    OffSkipKeeps "off-skip-keeps" "R-MOFF-SKIP" "maintenance_off without a restore keeps the snapshot."
    OffDeletesLoaded "off-deletes-loaded" "R-MOFF-DELETE" "maintenance_off deletes what it has loaded."
    OffLatestOfAll "off-latest-of-all" "R-MOFF-LATEST" "maintenance_off takes the latest snapshot of any kind."
    ChangeAtOnce "change-at-once" "R-CHM-RECORD" "change_master is done when it is answered, and leaves no status."
    ChangeToCurrentRefused "change-to-current-refused" "R-CHM-CURRENT" "The primary cannot be promoted: 400."
    ChangeTargetNotFound "change-target-not-found" "R-CHM-UNKNOWN" "An unknown node cannot be promoted: 404."
    ChangeStringOnly "change-string-only" "R-CHM-TYPE" "The node to promote is a string."

    UserManagerReads "user-manager-reads" "R-ROLE-USERMGR" "user_manager may read."
    PermissionLast "permission-last" "R-PERM-FIRST" "What is not there is 404 for everybody."
    VersionOptional "version-optional" "R-VERSION-PREFIX" "Paths without a version are served."
    WrongMethodNotFound "wrong-method-not-found" "R-METHODS-405" "A wrong method is 404."
    WrongMethod501 "wrong-method-501" "R-METHODS-405" "A wrong method is 501."
    OddUidBadRequest "odd-uid-bad-request" "R-NODEUID-SYNTAX" "A uid that is no number is 400."
    RoutingFirst "routing-first" "R-AUTH-FIRST" "A path that leads nowhere is 404 without credentials."
    SlashIgnored "slash-ignored" "R-TRAILING-SLASH" "A slash at the end is ignored."
    CaseIgnored "case-ignored" "R-ACTION-CASE" "Names of actions have no case."
    SecondVersion "second-version" "R-V2-PREFIX" "Paths of version 2 are served."
    ZerosIgnored "zeros-ignored" "R-NODEUID-SYNTAX" "A uid may begin with zeros."
    QueryRefused "query-refused" "R-QUERY" "A query is refused."
    OptionsRefused "options-refused" "R-HEAD-OPTIONS" "OPTIONS and HEAD are wrong methods."
    SnapshotsByPost "snapshots-by-post" "R-SNAP-CREATE-REST" "POST of a snapshot is accepted."
}
