//! What clients ask: every request of a run, made once.
//!
//! The alphabet is total. There are no preconditions: requests to nodes that do not exist, with bodies that
//! are not JSON, by callers who may not ask, are part of every run, and each has its modelled answer.

use serde_json::{Value, json};

use super::digest::Digest;
use crate::model::{Act, Body, Caller, Header, Headers, Input, Method, NodeAction, NodeUid, Path, Place};
use crate::model::{Request, Role, Slot, Time};

/// The name under which users of the simulator make their snapshots.
pub(crate) const USER_SNAPSHOT: &str = "before-upgrade";

/// One kind of request. A run draws which kinds it has, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// POST with a body that the documents know.
    Start,
    /// POST with a body that they do not.
    StartOddly,
    /// GET of one action.
    Show,
    /// GET of a list, or of what else shows the cluster.
    List,
    /// DELETE.
    Delete,
    /// DELETE of a snapshot.
    DeleteSnapshot,
    /// Anything, asked by somebody else than an admin.
    AskAsOther,
    /// Paths and methods that lead nowhere.
    Stray,
}

impl Operation {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Start,
        Self::StartOddly,
        Self::Show,
        Self::List,
        Self::Delete,
        Self::DeleteSnapshot,
        Self::AskAsOther,
        Self::Stray,
    ];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::StartOddly => "start-oddly",
            Self::Show => "show",
            Self::List => "list",
            Self::Delete => "delete",
            Self::DeleteSnapshot => "delete-snapshot",
            Self::AskAsOther => "ask-as-other",
            Self::Stray => "stray",
        }
    }
}

/// A request that is ready to be sent again and again.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) input: Input,
    /// Of the request alone; the time is folded in apart.
    pub(super) digest: u64,
}

/// All requests to a cluster of so many nodes, sorted by kind and slot.
#[derive(Debug)]
pub(super) struct Menu {
    entries: Vec<Entry>,
    /// For each slot, for each kind that speaks about one slot: the range of its entries.
    by_slot: Vec<[(u32, u32); 5]>,
    lists: (u32, u32),
    snapshots: (u32, u32),
    strays: (u32, u32),
}

impl Menu {
    /// Requests about the nodes 1 to `nodes`, one that is not there (yet), and the cluster.
    pub(super) fn new(nodes: u32) -> Self {
        let (none, by_slot) = ((0, 0), Vec::new());
        let mut menu = Self { entries: Vec::new(), by_slot, lists: none, snapshots: none, strays: none };
        let uids = (1..=nodes + 1).map(NodeUid);
        let of_nodes = uids.clone().flat_map(|uid| NodeAction::ALL.map(|action| Slot::Node(uid, action)));
        for slot in of_nodes.chain([Slot::ChangeMaster]) {
            let path = Path::to(Place::Action(slot));
            let ranges = [
                menu.add(bodies(slot, nodes).into_iter().map(|body| post(&path, body))),
                menu.add(odd_posts(slot, &path)),
                menu.add([plain(Method::Get, &path)]),
                menu.add([delete(&path)]),
                menu.add(as_others(&path).into_iter().chain(as_others(&beside(slot)))),
            ];
            menu.by_slot.push(ranges);
        }
        let views = uids.clone().flat_map(|uid| {
            [Place::Node(uid), Place::NodeObject(uid), Place::NodeStatus(uid), Place::Snapshots(uid)]
        });
        let lists = views.chain([
            Place::AllNodes,
            Place::Cluster,
            Place::NodeObjects,
            Place::NodeStatuses,
            Place::Shards,
        ]);
        menu.lists = menu.add(lists.map(|place| plain(Method::Get, &Path::to(place))));
        let snapshots = uids.flat_map(snapshots);
        menu.snapshots = menu.add(snapshots.map(|path| delete(&path)));
        menu.strays = menu.add(strays());
        menu
    }

    fn add(&mut self, requests: impl IntoIterator<Item = Request>) -> (u32, u32) {
        let count = |entries: &Vec<Entry>| u32::try_from(entries.len()).expect("menus are short");
        let start = count(&self.entries);
        self.entries.extend(requests.into_iter().map(|request| Entry {
            digest: Digest::of(&request),
            input: Input { at: Time(0), act: Act::Request(request) },
        }));
        (start, count(&self.entries) - start)
    }

    /// How many slots the menu speaks about.
    pub(super) fn slots(&self) -> usize {
        self.by_slot.len()
    }

    /// The first entry of a kind, and how many there are. Only some kinds depend on the slot.
    pub(super) fn range(&self, operation: Operation, slot: usize) -> (u32, u32) {
        let of_slot = |kind: usize| self.by_slot[slot][kind];
        match operation {
            Operation::Start => of_slot(0),
            Operation::StartOddly => of_slot(1),
            Operation::Show => of_slot(2),
            Operation::Delete => of_slot(3),
            Operation::AskAsOther => of_slot(4),
            Operation::List => self.lists,
            Operation::DeleteSnapshot => self.snapshots,
            Operation::Stray => self.strays,
        }
    }

    pub(super) fn entry(&mut self, index: u32) -> &mut Entry {
        &mut self.entries[index as usize]
    }
}

/// Everything that is ever asked about a slot of a cluster of so many nodes: POSTs with a body that the documents
/// know, then GET and DELETE, then the rest, which is mostly refused.
pub(crate) fn about(slot: Slot, nodes: u32) -> [Vec<Request>; 3] {
    let path = Path::to(Place::Action(slot));
    let known = bodies(slot, nodes).into_iter().map(|body| post(&path, body));
    let rest = odd_posts(slot, &path).into_iter().chain(as_others(&path));
    [known.collect(), vec![plain(Method::Get, &path), delete(&path)], rest.collect()]
}

/// What is asked about more than a slot: lists and views; then what leads nowhere or concerns a node that is not there.
pub(crate) fn beside_slots(nodes: u32) -> [Vec<Request>; 2] {
    let uids = (1..=nodes).map(NodeUid);
    let of_node =
        |uid| [Place::Node(uid), Place::NodeObject(uid), Place::NodeStatus(uid), Place::Snapshots(uid)];
    let of_all = [Place::AllNodes, Place::Cluster, Place::NodeObjects, Place::NodeStatuses, Place::Shards];
    let lists = of_all.into_iter().chain(uids.clone().flat_map(of_node));
    let absent = Slot::Node(NodeUid(nodes + 1), NodeAction::Remove);
    let lost = Path::to(Place::Action(absent));
    let lost_list = Path::to(Place::Node(NodeUid(nodes + 1)));
    let nowhere = [post(&lost, json!({})), plain(Method::Get, &lost), plain(Method::Get, &lost_list)];
    let deletes = uids.flat_map(snapshots).map(|path| delete(&path));
    [
        lists.map(|place| plain(Method::Get, &Path::to(place))).collect(),
        nowhere.into_iter().chain(deletes).chain(strays()).collect(),
    ]
}

/// DELETE by an admin.
pub(super) fn delete(path: &Path) -> Request {
    plain(Method::Delete, path)
}

fn plain(method: Method, path: &Path) -> Request {
    let (caller, headers) = (Caller::Role(Role::Admin), Headers::default());
    Request { method, path: path.clone(), caller, headers, body: Body::Absent }
}

fn post(path: &Path, body: Value) -> Request {
    Request { body: Body::Json(body), ..plain(Method::Post, path) }
}

/// Snapshots of a node that users make, or not. Others have names that only a run knows.
fn snapshots(uid: NodeUid) -> [Path; 2] {
    [USER_SNAPSHOT, "no-such-snapshot"].map(|name| Path::to_snapshot(uid, name))
}

/// The bodies that the documents know for an action.
fn bodies(slot: Slot, nodes: u32) -> Vec<Value> {
    match slot {
        Slot::Node(_, NodeAction::EnslaveNode) => {
            vec![
                json!({}),
                json!({"demote_node": true}),
                json!({"endpoints_only": true}),
                json!({"shards_only": true}),
            ]
        }
        Slot::Node(_, NodeAction::Remove) => {
            vec![json!({}), json!({"wait_for_persistence": true}), json!({"wait_for_persistence": false})]
        }
        Slot::Node(_, NodeAction::MaintenanceOn) => vec![
            json!({}),
            json!({"overwrite_snapshot": true}),
            json!({"overwrite_snapshot": true, "evict_ha_replica": false, "evict_active_active_replica": false}),
            json!({"overwrite_snapshot": true, "evict_dbs": ["1", "3"]}),
            json!({"keep_slave_shards": true}),
            json!({"evict_ha_replica": false}),
            json!({"evict_active_active_replica": false}),
            json!({"evict_dbs": ["2"], "evict_ha_replica": false, "keep_slave_shards": false}),
            json!({"demote_node": true, "evict_dbs": []}),
        ],
        Slot::Node(_, NodeAction::MaintenanceOff) => vec![
            json!({}),
            json!({}),
            json!({"snapshot_name": USER_SNAPSHOT}),
            json!({"snapshot_name": "no-such-snapshot"}),
            json!({"skip_shards_restore": true}),
        ],
        Slot::ChangeMaster => (1..=nodes + 1).map(|uid| json!({"node_uid": uid.to_string()})).collect(),
    }
}

/// Bodies and headers that the documents do not know, or warn of.
fn odd_posts(slot: Slot, path: &Path) -> Vec<Request> {
    let wrong_type = match slot {
        Slot::Node(_, NodeAction::EnslaveNode) => json!({"endpoints_only": 1}),
        Slot::Node(_, NodeAction::Remove) => json!({"wait_for_persistence": "yes"}),
        Slot::Node(_, NodeAction::MaintenanceOn) => json!({"evict_dbs": "1"}),
        Slot::Node(_, NodeAction::MaintenanceOff) => json!({"snapshot_name": 7}),
        Slot::ChangeMaster => json!({"node_uid": true}),
    };
    let bodies = [
        wrong_type,
        json!({"overwrite_snapshot": "maybe", "node_uid": 2}),
        json!({"surprise": 1}),
        json!({"snapshot_name": null, "node_uid": null}),
        json!({"node_uid": "02"}),
        json!({"max_concurrent_actions": "many", "retry_timeout_seconds": "long"}),
        json!(null),
        json!([]),
        json!("text"),
    ];
    let mut requests: Vec<_> = bodies.into_iter().map(|body| post(path, body)).collect();
    requests.push(plain(Method::Post, path));
    requests.push(Request { body: Body::Text("{".into()), ..plain(Method::Post, path) });
    let form = Header::Other("application/x-www-form-urlencoded".into());
    for content_type in [form, Header::Missing] {
        let headers = Headers { content_type, ..Headers::default() };
        requests.push(Request { headers, ..post(path, json!({})) });
    }
    requests
}

/// The three methods, asked by everybody but an admin.
fn as_others(path: &Path) -> Vec<Request> {
    let roles = Role::ALL.into_iter().filter(|role| *role != Role::Admin).map(Caller::Role);
    let callers = roles.chain([Caller::Missing, Caller::Wrong]);
    let by = |caller| {
        let get = Request { caller, ..plain(Method::Get, path) };
        let delete = Request { caller, ..plain(Method::Delete, path) };
        [get, delete, Request { caller, ..post(path, json!({})) }]
    };
    callers.flat_map(by).collect()
}

/// What else shows the node of a slot, or the cluster.
fn beside(slot: Slot) -> Path {
    match slot {
        Slot::Node(uid, NodeAction::EnslaveNode) => Path::to(Place::NodeObject(uid)),
        Slot::Node(uid, NodeAction::MaintenanceOff) => Path::to_snapshot(uid, USER_SNAPSHOT),
        Slot::Node(uid, NodeAction::MaintenanceOn) => Path::to(Place::Snapshots(uid)),
        Slot::Node(uid, NodeAction::Remove) => Path::to(Place::NodeStatus(uid)),
        Slot::ChangeMaster => Path::to(Place::Shards),
    }
}

fn strays() -> Vec<Request> {
    let gets = [
        "/v1/bogus",
        "/nodes/actions",
        "/nodes/1/actions/remove",
        "/cluster/actions",
        "/v2/nodes/actions",
        "/v1/nodes/1/actions/",
        "/v1/nodes/01/actions",
        "/v1/nodes/abc/actions",
        "/v1/nodes/-1/actions/remove",
        "/v1/nodes/99999999999999999999/actions",
        "/v1/nodes/1/actions/bogus",
        "/v1/nodes/1/actions/remove_node",
        "/v1/nodes/1/actions/Remove",
        "/v1/nodes/1/actions/change_master",
        "/v1/cluster/actions/remove",
        "/v1/nodes/1/actions/remov%65?x=1",
        "/v1/nodes/",
        "/v1/nodes/1/",
        "/v1/nodes/01",
        "/v1/nodes/%73tatus",
        "/v1/nodes/abc/status",
        "/v1/nodes/1/snapshots/",
        "/v1/nodes/1/snapshots/before-upgrade",
        "/v1/shards/1",
    ];
    let posts = [
        "/v1/nodes/1/actions/bogus",
        "/v1/nodes/1/actions/remove_node",
        "/v1/nodes/1/actions/change_master",
        "/v1/cluster/actions/maintenance_on",
        "/v1/nodes/abc/actions/remove",
        "/v1/nodes/1/actions",
        "/v1/nodes/actions",
        "/v1/nodes/1",
        "/v1/nodes/1/snapshots/mine",
    ];
    let others = [Method::Put, Method::Patch, Method::Head, Method::Options];
    let by_get = gets.into_iter().map(|path| plain(Method::Get, &Path::new(path)));
    let by_post = posts.into_iter().map(|path| post(&Path::new(path), json!({})));
    let by_delete = posts.into_iter().map(|path| plain(Method::Delete, &Path::new(path)));
    let by_other = others.into_iter().map(|method| plain(method, &Path::new("/v1/nodes/1/actions/remove")));
    by_get.chain(by_post).chain(by_delete).chain(by_other).collect()
}
