//! Who may ask what.

use crate::spec::Rules;
use crate::spec::rules::RoleUsermgr;

/// The management roles (PERM-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the documents' own names")]
pub enum Role {
    None,
    DbViewer,
    DbMember,
    ClusterViewer,
    ClusterMember,
    UserManager,
    Admin,
}

impl Role {
    /// All roles, the weakest first.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::DbViewer,
        Self::DbMember,
        Self::ClusterViewer,
        Self::ClusterMember,
        Self::UserManager,
        Self::Admin,
    ];

    /// The name in the documents and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::DbViewer => "db_viewer",
            Self::DbMember => "db_member",
            Self::ClusterViewer => "cluster_viewer",
            Self::ClusterMember => "cluster_member",
            Self::UserManager => "user_manager",
            Self::Admin => "admin",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// What an endpoint demands. The single GET of a node names no permission and is guarded like the list of the
/// node (R-GET-PERM).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the documents' own names")]
pub enum Permission {
    ViewStatusOfAllNodeActions,
    ViewStatusOfNodeAction,
    StartNodeAction,
    CancelNodeAction,
    ViewStatusOfClusterAction,
    StartClusterAction,
    CancelClusterAction,
    ViewAllNodesInfo,
    ViewNodeInfo,
    UpdateNode,
    ViewAllShardsInfo,
}

impl Permission {
    /// Whether a role holds it (PERM-1 to PERM-12, PERM-15).
    pub fn granted_to(self, role: Role, rules: &Rules) -> bool {
        match role {
            Role::Admin => true,
            Role::None => false,
            Role::UserManager => self.is_view() && rules.role_usermgr() == RoleUsermgr::Views,
            Role::DbViewer | Role::DbMember | Role::ClusterViewer | Role::ClusterMember => self.is_view(),
        }
    }

    fn is_view(self) -> bool {
        match self {
            Self::ViewStatusOfAllNodeActions
            | Self::ViewStatusOfNodeAction
            | Self::ViewStatusOfClusterAction
            | Self::ViewAllNodesInfo
            | Self::ViewNodeInfo
            | Self::ViewAllShardsInfo => true,
            Self::StartNodeAction
            | Self::CancelNodeAction
            | Self::StartClusterAction
            | Self::CancelClusterAction
            | Self::UpdateNode => false,
        }
    }
}
