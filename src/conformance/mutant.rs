//! Planted bugs: each is one thing that an implementer gets wrong, wired into the honest implementation at the one
//! place where the rule stands.
//!
//! Each contradicts the documents under every admissible reading of them: what a reading allows is no fault but a
//! variant. The catalogue is for learning about those who look for bugs, and never for tuning them to it.

use super::catalogue::catalogue;

catalogue! {
    /// A planted bug.
    Fault,
    /// All faults, in the order of the documents' areas.
    ALL,
    /// The clause that it breaks first of all.
    clause;

    CompletedFails "completed-fails" "LIFE-18" "What has completed may fail later."
    CancelledCompletes "cancelled-completes" "LIFE-18" "What was cancelled may complete later."
    FailedRestarts "failed-restarts" "LIFE-18" "What has failed is tried again by itself, as the same task."
    RunningRequeued "running-requeued" "LIFE-17" "What runs may be put back into the queue."
    CancellingReturns "cancelling-returns" "LIFE-14" "What is being cancelled may go on running."
    StatusPending "status-pending" "LIFE-22" "What is queued is shown as pending."
    StatusDone "status-done" "LIFE-1" "What has completed is shown as done."
    StatusCanceled "status-canceled" "LIFE-1" "What was cancelled is shown with another spelling."
    GetConsumes "get-consumes" "LIFE-21" "Reading the status of what has ended removes it."
    TaskReused "task-reused" "LIFE-19" "A new instance has the task id of the one before it."
    TaskOfEachNode "task-of-each-node" "LIFE-19" "Tasks are counted on each node by itself."
    TaskReusedAfterDelete "task-reused-after-delete" "LIFE-19" "DELETE of a result frees the latest task id."
    TaskOfEachGet "task-of-each-get" "LIFE-19" "Each GET shows another task id."
    TaskOtherInPost "task-other-in-post" "LIFE-19" "The task id of the POST is not that of the GET."

    NodeListOfAll "node-list-of-all" "NODE-5" "The list of one node has the actions of all nodes."
    NodeListMissesEnded "node-list-misses-ended" "NODE-5" "The list of one node misses what has ended."
    NodeListBare "node-list-bare" "NODE-6" "The list of one node is no member of an object."
    NodeListEmptyNotFound "node-list-empty-not-found" "NODE-7" "The list of a node without actions is 404."
    AllListMissesEnded "all-list-misses-ended" "NODE-2" "The list of all nodes misses what has ended."
    AllListMissesQueued "all-list-misses-queued" "NODE-2" "The list of all nodes misses what is queued."
    AllListOfFirst "all-list-of-first" "NODE-1" "The list of all nodes has the actions of the first node only."
    AllListEmptyNotFound "all-list-empty-not-found" "NODE-4" "The list of all nodes is 404 if it is empty."
    ListMissesCancelling "list-misses-cancelling" "NODE-2" "Lists miss what is being cancelled."
    ListKeepsHistory "list-keeps-history" "NODE-5" "Lists show the instance before the last one as well."
    ListShowsRunning "list-shows-running" "LIFE-3" "Lists show everything that lives as running."
    GetEndedNotFound "get-ended-not-found" "NODE-14" "GET of what has ended is 404."
    GetCancellingNotFound "get-cancelling-not-found" "NODE-14" "GET of what is being cancelled is 404."
    GetWrapped "get-wrapped" "NODE-13" "GET of one action answers with a list of one."
    GetOfFirstNode "get-of-first-node" "NODE-12" "GET shows the action of the first node that has one."
    AbsentCompleted "absent-completed" "NODE-15" "GET of what never ran shows it as completed."
    AbsentEmpty "absent-empty" "NODE-15" "GET of what never ran answers an empty object."

    ClusterListOfNodes "cluster-list-of-nodes" "CLU-1" "The list of the cluster has the actions of nodes."
    ClusterListMissesEnded "cluster-list-misses-ended" "CLU-1" "The list of the cluster misses what has ended."
    ClusterUnknownAccepted "cluster-unknown-accepted" "CLU-10" "POST of an unknown cluster action is accepted."
    ClusterUnknownNotFound "cluster-unknown-not-found" "CLU-10" "POST of an unknown cluster action is 404."
    ClusterTakesRemove "cluster-takes-remove" "CLU-9" "POST of remove to the cluster is accepted."

    ConflictDropped "conflict-dropped" "POST-1" "A second instance replaces the first one."
    ConflictPassesQueued "conflict-passes-queued" "POST-1" "What is queued lets a second POST pass, and goes on."
    ConflictPassesStarting "conflict-passes-starting" "POST-1" "What is starting lets a second POST pass, and goes on."
    ConflictOnce "conflict-once" "POST-1" "After one refusal further POSTs pass, and the first instance goes on."
    ConflictRestarts "conflict-restarts" "POST-1" "A POST that is refused restarts what is live."
    ConflictOfFirstNode "conflict-of-first-node" "POST-1" "The first node is asked whether an instance is live."
    ConflictCompleted "conflict-completed" "POST-14" "What has completed refuses a new instance until it is deleted."
    ConflictFailed "conflict-failed" "POST-14" "What has failed refuses a new instance until it is deleted."
    ConflictBadRequest "conflict-bad-request" "POST-1" "A second instance is refused with 400."
    OldResultUntilStart "old-result-until-start" "POST-3" "The old result is shown until the new instance starts."
    OldErrorKept "old-error-kept" "POST-3" "A new instance shows the error of the last one."
    ThirdErrorKept "third-error-kept" "POST-3" "The third submission in a row keeps the error of the second."
    CancelOutlives "cancel-outlives" "POST-3" "What follows a cancelled instance is cancelled too."
    ForbiddenDropsResult "forbidden-drops-result" "POST-3" "A POST that is forbidden removes the old result."
    UnauthorizedDropsResult "unauthorized-drops-result" "POST-3" "A POST without credentials removes the old result."
    PostAccepted202 "post-accepted-202" "POST-5" "An accepted POST is 202."
    PostSaysAccepted "post-says-accepted" "POST-13" "An accepted POST says a status that does not exist."
    PostOnFirstNode "post-on-first-node" "NODE-18" "An action is started on the first node, whatever the path says."
    EmptyObjectRefused "empty-object-refused" "POST-11" "An empty object is no sufficient body for remove."
    MalformedAccepted "malformed-accepted" "POST-7" "A body that is not JSON is taken for an empty object."
    UnknownNodeAccepted "unknown-node-accepted" "ERR-9" "POST to a node that does not exist is accepted."
    UnknownActionAccepted "unknown-action-accepted" "NODE-19" "POST of an unknown action is accepted."
    WrongFamilyAccepted "wrong-family-accepted" "NODE-19" "POST of change_master to a node is accepted."
    ListTakesPosts "list-takes-posts" "POST-16" "POST to the list of a node starts the action of the body."

    DeleteCompletedNotFound "delete-completed-not-found" "DEL-2" "DELETE of what has completed is 404."
    DeleteKeepsResult "delete-keeps-result" "DEL-2" "DELETE of a result leaves it there."
    DeleteEndedCancels "delete-ended-cancels" "LIFE-18" "DELETE of what has ended makes it cancelled."
    DeleteAbsentOk "delete-absent-ok" "DEL-4" "DELETE is 200 where there is nothing."
    DeleteOtherSlot "delete-other-slot" "DEL-8" "DELETE of a result removes the first result of the node."
    DeleteAllNodes "delete-all-nodes" "DEL-8" "DELETE of a result removes that of the other nodes as well."
    DeleteRevives "delete-revives" "DEL-7" "DELETE during a cancellation lets the action run again."
    DeleteStartingRequeues "delete-starting-requeues" "LIFE-17" "DELETE of what is starting puts it back into the queue."
    DeleteQueuedIgnored "delete-queued-ignored" "DEL-6" "DELETE of what is queued has no effect."
    DeleteQueuedNotFound "delete-queued-not-found" "DEL-1" "DELETE of what is queued is 404."
    DeleteRunningNotFound "delete-running-not-found" "DEL-1" "DELETE of what runs is 404."
    Delete204 "delete-204" "DEL-5" "DELETE answers 204."

    RemovedStays "removed-stays" "REM-11" "A removed node is still shown."
    RemovedTooEarly "removed-too-early" "REM-6" "A node is gone as soon as its removal runs."
    RemovedTakesPosts "removed-takes-posts" "REM-11" "A POST to a removed node is accepted."
    FailedRemovalRemoves "failed-removal-removes" "REM-1" "A node is gone after its removal has failed."
    CancelledRemovalRemoves "cancelled-removal-removes" "REM-1" "A node is gone after its removal was cancelled."
    RemovalDropsAll "removal-drops-all" "LIFE-21" "A removal takes the results of the other nodes along."

    NoSnapshot "no-snapshot" "MON-4" "maintenance_on makes no snapshot."
    SnapshotAtSubmission "snapshot-at-submission" "MON-7" "The snapshot is made when the POST is accepted."
    SnapshotEachTime "snapshot-each-time" "SNAP-3" "Each maintenance_on adds a snapshot."
    SnapshotOverwritten "snapshot-overwritten" "SNAP-1" "The snapshot is overwritten without being asked."
    OverwriteAdds "overwrite-adds" "SNAP-4" "Overwriting a snapshot adds another one."
    OverwriteTakesAll "overwrite-takes-all" "SNAP-4" "Overwriting removes the snapshots of users as well."
    UserSnapshotCounts "user-snapshot-counts" "SNAP-1" "No snapshot is made if there is one of a user."
    SnapshotOfAnyCounts "snapshot-of-any-counts" "SNAP-1" "No snapshot is made if another node has one."
    SnapshotOfFirstNode "snapshot-of-first-node" "SNAP-6" "The snapshot is kept with the first node."
    SnapshotLost "snapshot-lost" "SNAP-8" "A maintenance_on that fails takes its snapshot along."
    SnapshotLostLater "snapshot-lost-later" "SNAP-8" "The second maintenance_on in a row that fails takes the snapshot along."
    SnapshotListOfAll "snapshot-list-of-all" "SNAP-10" "The list has the snapshots of all nodes."
    SnapshotsOfNobody "snapshots-of-nobody" "SNAP-10" "A node that does not exist has an empty list of snapshots."
    MaintenanceSnapshotDeleted "maintenance-snapshot-deleted" "SNAP-11" "A maintenance snapshot can be deleted."
    UserSnapshotKept "user-snapshot-kept" "SNAP-11" "The snapshot of a user cannot be deleted."
    SnapshotDeletedNot "snapshot-deleted-not" "SNAP-11" "The snapshot of a user is still there after its DELETE."
    AbsentSnapshotDeleted "absent-snapshot-deleted" "SNAP-11" "DELETE of a snapshot that does not exist is 200."
    StatusShowsUsers "status-shows-users" "SNAP-15" "The status of a node shows the snapshot of a user as one of maintenance."

    OffKeepsSnapshot "off-keeps-snapshot" "MOFF-7" "maintenance_off leaves its snapshot."
    OffDeletesEarly "off-deletes-early" "MOFF-7" "maintenance_off deletes its snapshot before it has restored anything."
    OffFailedDeletes "off-failed-deletes" "MOFF-8" "A maintenance_off that fails deletes the snapshot."
    OffCancelledDeletes "off-cancelled-deletes" "MOFF-7" "A maintenance_off that is cancelled deletes the snapshot."
    OffDeletesEverywhere "off-deletes-everywhere" "MOFF-7" "maintenance_off deletes the snapshots of other nodes too."
    OffDeletesUsers "off-deletes-users" "MOFF-7" "maintenance_off deletes all snapshots of the node."
    OffFallsBack "off-falls-back" "MOFF-3" "maintenance_off takes the latest snapshot for one that does not exist."

    EnslaveNotRecorded "enslave-not-recorded" "ENS-1" "An accepted enslave_node leaves no trace."
    EnslaveNamedOtherwise "enslave-named-otherwise" "ENS-7" "enslave_node has another name in answers."

    ChangeWithoutEffect "change-without-effect" "CHM-1" "A completed change_master leaves the primary where it was."
    TwoPrimaries "two-primaries" "CHM-8" "The old primary is still shown as one."
    ChangeOnlyOnce "change-only-once" "CHM-10" "A second change_master is refused."
    TargetMissingAccepted "target-missing-accepted" "CHM-3" "change_master without a node is accepted."
    TargetUnknownAccepted "target-unknown-accepted" "CHM-5" "change_master to a node that does not exist is accepted."

    ProgressBeyond "progress-beyond" "OBJ-1" "Progress grows beyond 100."
    ProgressNegative "progress-negative" "OBJ-1" "What has not started has a progress of -1."
    ProgressText "progress-text" "OBJ-1" "Progress is a text with a percent sign."
    StatusMissing "status-missing" "OBJ-4" "GET of one action has a state but no status."
    NameIsTitle "name-is-title" "OBJ-5" "Names are written for people."
    EntryOfOtherNode "entry-of-other-node" "OBJ-6" "node_uid is counted from 0."
    FailedWithoutCode "failed-without-code" "OBJ-7" "What has failed has no error code."
    CompletedWithCode "completed-with-code" "OBJ-7" "What has completed has an error code."
    CodeIsNumber "code-is-number" "OBJ-8" "The error code is a number."

    FailedIs500 "failed-is-500" "ERR-2" "GET of what has failed is 500."
    AbsentIs200 "absent-is-200" "ERR-1" "What does not exist is 200, with an error in the body."

    NoneReads "none-reads" "PERM-10" "The role none may read."
    DbViewerStarts "db-viewer-starts" "PERM-5" "db_viewer may start actions of nodes."
    MemberStarts "member-starts" "PERM-12" "cluster_member may start actions of nodes."
    MemberCancels "member-cancels" "PERM-6" "cluster_member may cancel actions of nodes."
    UserManagerStarts "user-manager-starts" "PERM-5" "user_manager may start actions of nodes."
    ViewerChangesMaster "viewer-changes-master" "PERM-8" "cluster_viewer may start actions of the cluster."
    DbMemberCancelsMaster "db-member-cancels-master" "PERM-9" "db_member may cancel actions of the cluster."
    DbViewerBlind "db-viewer-blind" "PERM-3" "db_viewer may not read."
    DbMemberMissesAll "db-member-misses-all" "PERM-1" "db_member may not read the list of all nodes."
    ViewerMissesCluster "viewer-misses-cluster" "PERM-7" "cluster_viewer may not read the list of the cluster."
    AdminCannotCancel "admin-cannot-cancel" "PERM-13" "admin may not cancel."
    MemberDeletesSnapshots "member-deletes-snapshots" "SNAP-13" "cluster_member may delete snapshots."
    ForbiddenIsNotFound "forbidden-is-not-found" "PERM-14" "What is forbidden is 404."
    ForbiddenActs "forbidden-acts" "PERM-14" "What is forbidden is done nevertheless."

    MissingServed "missing-served" "HTTP-2" "A request without credentials is served."
    WrongServed "wrong-served" "HTTP-2" "A request with wrong credentials is served."
    MissingForbidden "missing-forbidden" "HTTP-2" "A request without credentials is 403."
    UnauthorizedActs "unauthorized-acts" "HTTP-2" "A request without credentials is refused and done."
    PutStarts "put-starts" "HTTP-12" "PUT starts an action."
    ListTakesAnyMethod "list-takes-any-method" "HTTP-15" "A list is shown whatever the method."

    MaintainedNodeHidden "maintained-node-hidden" "OBS-1" "A node in maintenance is not shown."
    UnknownNodeShown "unknown-node-shown" "OBS-2" "The status of a node that does not exist is 200."
}

impl Fault {
    /// Why nobody who looks at answers alone can tell it from what is right, or why the oracle does not yet; `None` if it
    /// is to be noticed.
    pub fn excuse(self) -> Option<&'static str> {
        Some(match self {
            Self::ConflictDropped => {
                "equivalent: the first instance may have failed just before the second POST, which nobody sees"
            }
            Self::ChangeWithoutEffect => {
                "equivalent: the new primary may have been lost, and another elected, which nobody sees"
            }
            Self::FailedIs500 => {
                "missed: the oracle does not judge 500 (R-500), not even where 200 is documented (NODE-14)"
            }
            Self::SnapshotDeletedNot => {
                "missed: a user may have taken another snapshot of that name, had it not the same time"
            }
            _ => return None,
        })
    }
}
