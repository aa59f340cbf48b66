//! What must happen in some run of a campaign, or the campaign proves little.

/// Something that must happen in some run, or the runs prove little.
#[derive(Debug)]
pub struct Sometimes {
    /// A short name.
    pub name: &'static str,
    /// The clauses it belongs to.
    pub clauses: &'static [&'static str],
}

macro_rules! sometimes {
    ($($mark:ident = $name:literal [$($clause:literal),*])+) => {
        #[derive(Debug, Clone, Copy)]
        pub(super) enum Mark { $($mark),+ }

        /// All of them, in the order of the counts.
        pub const SOMETIMES: &[Sometimes] =
            &[$(Sometimes { name: $name, clauses: &[$($clause),*] }),+];
    };
}

sometimes! {
    ConflictQueued = "a POST meets a queued instance and is refused" ["POST-1"]
    ConflictStarting = "a POST meets a starting instance and is refused" ["POST-1"]
    ConflictRunning = "a POST meets a running instance and is refused" ["POST-1"]
    ConflictCancelling = "a POST meets a cancelling instance and is refused" ["POST-1"]
    ResubmitCompleted = "a new submission discards a completed status" ["POST-3"]
    ResubmitFailed = "a new submission discards a failed status" ["POST-3"]
    ResubmitCancelled = "a new submission discards a cancelled status" ["POST-3"]
    ResubmitAborted = "a new submission discards an aborted status" ["POST-3", "LIFE-2"]
    DeleteCompleted = "DELETE clears a completed status" ["DEL-2"]
    DeleteFailed = "DELETE clears a failed status" ["DEL-2"]
    DeleteCancelled = "DELETE clears a cancelled status" ["DEL-2"]
    DeleteAborted = "DELETE clears an aborted status" ["DEL-2"]
    CancelQueued = "DELETE ends a queued instance at once" ["DEL-6"]
    CancelStarting = "DELETE of a starting instance is noted" ["DEL-1", "DEL-3"]
    CancelRunning = "DELETE of a running instance begins its cancellation" ["DEL-7"]
    CancelTwice = "DELETE meets a cancelling instance" ["DEL-1"]
    CancelFinishes = "a cancellation finishes" ["LIFE-14"]
    AbortStarting = "a starting instance is aborted" ["LIFE-15"]
    AbortRunning = "a running instance is aborted" ["LIFE-16"]
    SnapshotMade = "maintenance_on makes a snapshot" ["MON-4", "SNAP-1"]
    SnapshotKept = "maintenance_on keeps the snapshot that is there" ["SNAP-1", "SNAP-9"]
    SnapshotOverwritten = "maintenance_on overwrites the snapshot" ["SNAP-4", "MON-14"]
    SnapshotSurvives = "a snapshot survives a failed maintenance_on" ["SNAP-8"]
    UserSnapshotBeside = "a maintenance snapshot is made beside a user's" ["SNAP-4"]
    SnapshotDeleted = "DELETE deletes a user's snapshot" ["SNAP-11"]
    SnapshotRefused = "DELETE of a maintenance snapshot is refused" ["SNAP-11"]
    SnapshotShown = "the status of a node shows its maintenance snapshot" ["SNAP-15"]
    RemovalShown = "a node is shown as decommissioning" ["REM-15"]
    ShardsShown = "the shards of the cluster are shown" ["OBS-3"]
    OffDeletes = "maintenance_off completes and deletes the snapshot" ["MOFF-7"]
    OffByName = "maintenance_off completes with a snapshot given by name" ["MOFF-3"]
    OffSkips = "maintenance_off completes and skips the restore" ["MOFF-5"]
    OffFails = "maintenance_off fails and the node stays in maintenance" ["MOFF-8"]
    RemoveCompletes = "a removal completes and the node is gone" ["REM-1", "REM-11"]
    RemovePrimary = "the primary is removed and another node takes over" ["REM-14"]
    RemoveMarkSurvives = "the removal mark survives a failed removal" ["REM-3"]
    RemovalCleared = "DELETE clears the status of a node that is gone" ["REM-11"]
    UidReused = "a node joins under the uid of a removed one" ["REM-12"]
    MasterChanges = "change_master moves the role" ["CHM-1"]
    MasterStays = "change_master completes for the present primary" ["CHM-10"]
    PrimaryLost = "another primary is elected because the old one was lost" ["MON-8"]
    OnMovesMaster = "maintenance_on moves a master away" ["MON-6"]
    OnMovesReplica = "maintenance_on moves a replica away" ["MON-6"]
    OnDemotes = "maintenance_on demotes a master whose replicas are kept" ["MON-10", "MON-25"]
    OnRebinds = "maintenance_on binds an endpoint elsewhere" ["MON-6"]
    OnKeeps = "maintenance_on completes and keeps what it was told to keep" ["MON-10", "MON-13"]
    OnEmpties = "maintenance_on completes and has emptied a node that held something" ["MON-19"]
    OnLacksSpace = "maintenance_on fails for lack of space" ["MON-15", "OBJ-8"]
    OnLacksQuorum = "maintenance_on fails for lack of a quorum, before anything else" ["MON-2", "MON-7"]
    OnAgain = "maintenance_on starts on a node that is in maintenance" ["MON-16"]
    OnCancelledHalfway = "maintenance_on is cancelled after it moved something" ["LIFE-23"]
    CancelledFinishes = "a cancelled run finishes the move that was under way" ["LIFE-23"]
    HandsOverFirst = "a master that is to leave hands over first" ["REM-6"]
    OnOverlaps = "maintenance_on runs on two nodes at once" ["MON-3"]
    OffReturns = "maintenance_off brings a shard back" ["MOFF-1", "SNAP-16"]
    OffRestoresRole = "maintenance_off restores a role" ["SNAP-16"]
    OffRebinds = "maintenance_off brings an endpoint back" ["MOFF-1"]
    OffLacksSpace = "maintenance_off fails for lack of space" ["MOFF-15"]
    OffDuringOn = "maintenance_off runs while maintenance_on does" ["POST-6"]
    OffMissesShards = "maintenance_off completes although shards of its snapshot are gone" ["SNAP-16"]
    RemoveMoves = "remove moves a shard away" ["REM-1", "REM-6"]
    RemoveRebinds = "remove binds an endpoint elsewhere" ["REM-1"]
    RemoveLacksCapacity = "remove fails for lack of capacity" ["REM-5", "REM-10"]
    RemoveWaits = "remove waits for the files of a shard that it moved" ["REM-7"]
    RemoveLast = "removal of the only node fails" ["REM-5"]
    RemoveInMaintenance = "a node in maintenance is removed" ["REM-11"]
    RemoveCancelledHalfway = "remove is cancelled after it moved something" ["LIFE-23"]
    EnslaveHandsOver = "enslave_node hands a master over" ["ENS-2", "ENS-5"]
    EnslaveRebinds = "enslave_node moves an endpoint that is bound on one node" ["ENS-6"]
    EnslaveLacksReplica = "enslave_node fails because a master has no replica" ["OBJ-8"]
    EnslaveCompletes = "enslave_node completes" ["ENS-1"]
    MasterDuringOn = "the primary changes while maintenance_on runs" ["MON-23"]
    MasterFails = "change_master fails because its target was lost" ["CHM-1"]
    Migrates = "the cluster moves a shard by itself" ["REM-2"]
    TakesOver = "a replica takes over from a node that is down" ["MON-18"]
    DatabaseDeleted = "a database is deleted" ["SNAP-16"]
}
