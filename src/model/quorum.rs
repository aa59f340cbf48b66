//! Whether enough nodes remain (MON-2, MON-3).

use super::{Cluster, NodeUid};
use crate::spec::Rules;
use crate::spec::rules::{QuorumFormula, QuorumSmall};

/// Whether the cluster keeps its quorum without a node. Nodes in maintenance count as active (MON-3).
pub(super) fn holds_without(cluster: &Cluster, rules: &Rules, uid: NodeUid) -> bool {
    let all = cluster.nodes().len();
    if all <= 2 {
        match rules.quorum_small() {
            QuorumSmall::Exempt => return true,
            QuorumSmall::Refuse => return false,
        }
    }
    let active = cluster.nodes().iter().filter(|node| node.up).count();
    if active == all {
        return true; // By every formula.
    }
    let others = cluster.nodes().iter().filter(|node| node.up && node.uid != uid).count();
    let majority = all / 2 + 1;
    match rules.quorum_formula() {
        QuorumFormula::MajorityStrict => others >= majority,
        QuorumFormula::OneDown => active > majority,
        QuorumFormula::Half => others * 2 >= all,
    }
}
