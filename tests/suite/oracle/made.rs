//! Small histories that are true: a few clients, one law, and chance.

use action_oracle::history::{CallId, Fence, Header, Initial, Invoke, Kind, Lost, Members, Record, Return};
use action_oracle::http::{Response, encode};
use action_oracle::model::{
    Act, Body, Caller, Cluster, Database, DbUid, Event, Headers, Input, Method, Move, NodeAction, NodeUid,
    Parts, Path, Place, ProxyPolicy, Reply, Request, Role, Shard, ShardRole, ShardUid, Slot, Time, step,
};
use action_oracle::sim::Seed;
use action_oracle::sim::seed::{Ratio, Rng};
use action_oracle::spec::{Edition, Question, Rules, Stance};
use serde_json::{Value, json};

use super::{fresh, header_of, pinned};

/// What histories are made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) nodes: u32,
    /// The slots that clients ask for; all of the first node and the cluster's if there is none.
    pub(super) slot: Option<Slot>,
    pub(super) calls: u64,
    /// Whether lists, snapshots and strangers come in.
    pub(super) is_wide: bool,
    /// Whether the questions that are settled may have other answers.
    pub(super) varies_pins: bool,
    /// Answers that are the same in all of them.
    pub(super) fixed: &'static [(&'static str, &'static str)],
    /// Whether there is a database, and whether it is replicated. Then clients look where its shards are.
    pub(super) data: Option<bool>,
}

impl Plan {
    /// Calls on one slot.
    pub(super) fn of(slot: Slot, nodes: u32) -> Self {
        Self { nodes, slot: Some(slot), calls: 5, is_wide: false, varies_pins: true, fixed: &[], data: None }
    }
}

/// A history, and the law that it came from.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) nodes: u32,
    pub(super) data: Option<bool>,
    pub(super) rules: Rules,
    pub(super) records: Vec<Record>,
}

impl Made {
    /// What it starts from.
    pub(super) fn start(&self) -> Cluster {
        start(self.nodes, self.data)
    }

    fn initial(&self) -> Initial {
        match self.data {
            Some(_) => Initial::Empty(Members::Cluster(self.start())),
            None => header_of(self.nodes).initial,
        }
    }

    pub(super) fn pinned(&self) -> Header {
        let mut header = pinned(self.nodes, &self.rules);
        header.initial = self.initial();
        header
    }

    /// The edition and nothing else, or not even that.
    pub(super) fn open(&self, edition: Option<Edition>) -> Header {
        let mut header = Header::new(self.initial());
        header.edition = edition;
        header
    }
}

/// Fresh nodes, and on the first the master of a database if there is one; its replica is on the second.
fn start(nodes: u32, data: Option<bool>) -> Cluster {
    let Some(replicated) = data else { return fresh(nodes) };
    let (db, mut parts) = (DbUid(1), Parts::from(&fresh(nodes)));
    parts.databases =
        vec![Database { uid: db, replicated, active_active: false, policy: ProxyPolicy::Single }];
    let copies = [(ShardUid(1), ShardRole::Master), (ShardUid(2), ShardRole::Replica)];
    for (node, (uid, role)) in parts.nodes.iter_mut().zip(copies).take(if replicated { 2 } else { 1 }) {
        node.shards.push(Shard { uid, db, part: 1, role, persisted: true });
    }
    parts.try_into().expect("such a cluster can be")
}

/// Rules with some answers that are not expected.
pub(super) fn rules(rng: &mut Rng, varies_pins: bool) -> Rules {
    let mut rules = Rules::new(*rng.choose(&Edition::ALL));
    let others = Ratio(rng.below(4), 8);
    for question in Question::all() {
        let Some(reading) = question.reading() else { continue };
        let may_vary =
            varies_pins || (reading.stance != Stance::Pin && question.id() != "R-STATUS-RETENTION");
        if may_vary && rng.chance(others) {
            rules.choose(question, rng.index(question.answers()));
        }
    }
    rules
}

/// A call that is under way.
struct Open {
    id: CallId,
    request: Request,
    response: Option<Response>,
    is_lost: bool,
}

/// Makes a history.
pub(super) fn history(seed: u64, plan: &Plan) -> Made {
    let mut rng = Seed(seed).fork("history");
    let mut rules = rules(&mut rng, plan.varies_pins);
    for (id, answer) in plan.fixed {
        rules.set(id, answer).expect("there is such an answer");
    }
    let mut maker = Maker {
        cluster: start(plan.nodes, plan.data),
        rules,
        now: 0,
        records: Vec::new(),
        open: Vec::new(),
        ghosts: Vec::new(),
        begun: 0,
    };
    let overlap = 1 + rng.index(3);
    for _ in 0..400 {
        maker.now += 1;
        match rng.below(10) {
            0 | 1 if maker.begun < plan.calls && maker.open.len() < overlap => {
                let request = request(&mut rng, plan);
                maker.invoke(request, rng.chance(Ratio(1, 12)));
            }
            2 | 3 => maker.act(&mut rng),
            4 | 5 => maker.end(&mut rng),
            6 if rng.chance(Ratio(1, 16)) => maker.fence(),
            _ => maker.event(&mut rng),
        }
        if maker.begun == plan.calls && maker.open.is_empty() {
            break;
        }
    }
    Made { nodes: plan.nodes, data: plan.data, rules, records: maker.records }
}

struct Maker {
    cluster: Cluster,
    rules: Rules,
    now: u64,
    records: Vec<Record>,
    open: Vec<Open>,
    /// Calls that were given up and may still act.
    ghosts: Vec<Open>,
    begun: u64,
}

impl Maker {
    fn write(&mut self, kind: Kind) {
        self.records.push(Record::new(None, kind));
    }

    fn invoke(&mut self, request: Request, is_lost: bool) {
        self.begun += 1;
        let id = CallId(self.begun);
        self.write(Kind::Invoke(Invoke { id, client: Some(format!("c{id}")), request: request.clone() }));
        self.open.push(Open { id, request, response: None, is_lost });
    }

    /// Some call takes effect.
    fn act(&mut self, rng: &mut Rng) {
        let waiting = self.open.iter_mut().filter(|call| call.response.is_none());
        let mut waiting: Vec<_> = waiting.chain(&mut self.ghosts).collect();
        if waiting.is_empty() {
            return;
        }
        let chosen = rng.index(waiting.len());
        let call = &mut waiting[chosen];
        let input = Input { at: Time(self.now * 1_000_000), act: Act::Request(call.request.clone()) };
        let reply = step(&mut self.cluster, &self.rules, &input);
        let response = encode(&reply, &self.rules).expect("a request has a response");
        call.response = Some(response.sent_to(call.request.method));
        self.ghosts.retain(|call| call.response.is_none());
    }

    fn end(&mut self, rng: &mut Rng) {
        let ended: Vec<_> = (0..self.open.len())
            .filter(|at| self.open[*at].is_lost || self.open[*at].response.is_some())
            .collect();
        if ended.is_empty() {
            return;
        }
        let call = self.open.remove(*rng.choose(&ended));
        match &call.response {
            Some(response) if !call.is_lost => {
                self.write(Kind::Return(Return::of(call.id, response.clone())))
            }
            _ => {
                self.write(Kind::Lost(Lost { id: call.id, why: None }));
                self.ghosts.extend((call.response.is_none()).then_some(call));
            }
        }
    }

    fn fence(&mut self) {
        let lost: Vec<_> = std::mem::take(&mut self.ghosts).into_iter().map(|call| call.id).collect();
        if !lost.is_empty() {
            self.write(Kind::Fence(Fence { lost, why: None }));
        }
    }

    fn event(&mut self, rng: &mut Rng) {
        let mut events = self.cluster.enabled(&self.rules);
        let is_rare = |event: &Event| !matches!(event, Event::Task(_, step) if !matches!(step, Move::Fail(_) | Move::Abort));
        let takes_rare = rng.chance(Ratio(1, 6));
        events.retain(|event| is_rare(event) == takes_rare && !matches!(event, Event::Join(_)));
        if rng.chance(Ratio(1, 24)) {
            events = vec![Event::CreateSnapshot(NodeUid(1), "mine".into())];
        }
        if !events.is_empty() {
            let input =
                Input { at: Time(self.now * 1_000_000), act: Act::Event(rng.choose(&events).clone()) };
            assert!(matches!(
                step(&mut self.cluster, &self.rules, &input),
                Reply::Happened | Reply::NotEnabled(_)
            ));
        }
    }
}

fn request(rng: &mut Rng, plan: &Plan) -> Request {
    let uid = NodeUid(1 + rng.below(plan.nodes));
    let slots = NodeAction::ALL.map(|action| Slot::Node(uid, action));
    let any = if rng.chance(Ratio(1, 6)) { Slot::ChangeMaster } else { *rng.choose(&slots) };
    let slot = plan.slot.unwrap_or(any);
    let home = plan.slot.and_then(|slot| match slot {
        Slot::Node(uid, _) => Some(uid),
        Slot::ChangeMaster => None,
    });
    let looks = if plan.data.is_some() { 4 } else { 1 };
    let path = match rng.below(10) {
        at if at < looks && plan.data.is_some() => shown(rng, home.unwrap_or(uid)),
        0 if plan.is_wide => view(rng, home.unwrap_or(uid)),
        _ => Path::to(Place::Action(slot)),
    };
    let method = match rng.below(8) {
        0..=2 => Method::Get,
        3..=5 => Method::Post,
        _ => Method::Delete,
    };
    let is_view = path != Path::to(Place::Action(slot));
    let method = match method {
        _ if path.snapshot().is_some() => Method::Delete,
        _ if is_view => Method::Get,
        other => other,
    };
    let body = match method {
        Method::Post if plan.data.is_some() && slot.action_name() == "maintenance_on" => evicting(rng),
        Method::Post => body(rng, slot, plan.is_wide),
        _ => Body::Absent,
    };
    let is_stranger = plan.is_wide && rng.chance(Ratio(1, 12));
    let caller = if is_stranger { *rng.choose(&STRANGERS) } else { Caller::Role(Role::Admin) };
    Request { method, path, caller, headers: Headers::default(), body }
}

const STRANGERS: [Caller; 3] = [Caller::Missing, Caller::Role(Role::DbViewer), Caller::Role(Role::None)];

/// Where shards are shown.
fn shown(rng: &mut Rng, uid: NodeUid) -> Path {
    let of_node = Place::NodeObject(uid);
    let places =
        [of_node, of_node, Place::NodeStatus(uid), Place::NodeObjects, Place::NodeStatuses, Place::Shards];
    Path::to(*rng.choose(&places))
}

fn view(rng: &mut Rng, uid: NodeUid) -> Path {
    let places = [
        Place::Node(uid),
        Place::AllNodes,
        Place::Cluster,
        Place::NodeObject(uid),
        Place::NodeStatus(uid),
        Place::NodeObjects,
        Place::NodeStatuses,
        Place::Snapshots(uid),
    ];
    if rng.chance(Ratio(1, 6)) {
        return Path::to_snapshot(uid, "mine");
    }
    Path::to(*rng.choose(&places))
}

/// What maintenance_on may be told of shards.
fn evicting(rng: &mut Rng) -> Body {
    let known = [
        json!({}),
        json!({}),
        json!({"evict_ha_replica": false}),
        json!({"evict_ha_replica": false, "evict_active_active_replica": false}),
        json!({"keep_slave_shards": true}),
        json!({"evict_dbs": ["1"]}),
        json!({"evict_dbs": []}),
    ];
    Body::Json(rng.choose(&known).clone())
}

fn body(rng: &mut Rng, slot: Slot, is_wide: bool) -> Body {
    if is_wide && rng.chance(Ratio(1, 8)) {
        let odd =
            [Body::Absent, Body::Text("{".into()), Body::Json(json!([])), Body::Json(json!({"surprise": 1}))];
        return rng.choose(&odd).clone();
    }
    let known: Vec<Value> = match slot {
        Slot::ChangeMaster => vec![json!({"node_uid": "1"}), json!({"node_uid": "2"})],
        Slot::Node(_, NodeAction::MaintenanceOff) => {
            vec![json!({}), json!({"snapshot_name": "mine"}), json!({"skip_shards_restore": true})]
        }
        Slot::Node(_, NodeAction::MaintenanceOn) => vec![json!({}), json!({"overwrite_snapshot": true})],
        Slot::Node(..) => vec![json!({})],
    };
    Body::Json(rng.choose(&known).clone())
}
