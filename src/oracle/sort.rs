//! From a history to the calls of its cells.
//!
//! Everything that is different for every record (uids, task ids, names of snapshots) is taken out here and kept
//! beside the call, so that equal calls are one symbol. Calls that the documents leave without judgement are sorted
//! out: reads vanish, and whatever could act may have acted while it lasted, or not.

mod list;
mod node;

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use list::Entries;

use super::asked::{Asked, AskedKind};
use super::call::{At, Bond, Call, Calls, CellName, Label, NEVER};
use super::part::Kind;
use super::seen::{self, Seen, Symbol};
use crate::history::{CallId, Invoke, Kind as Line, Record, Return};
use crate::intern::{Interner, Memo};
use crate::model::{Body, Method, NodeAction, NodeUid, Request};

/// The calls of a history, cell by cell, and what they speak of.
pub(super) struct Sorted {
    pub(super) cells: BTreeMap<CellName, Calls>,
    /// The ids of tasks, by their labels.
    pub(super) tasks: Interner<Box<str>>,
    /// The names of snapshots, by their labels.
    pub(super) names: Interner<Box<str>>,
    pub(super) symbols: Symbols,
    /// Lists of names.
    pub(super) lists: Interner<Vec<Label>>,
    /// The first slot that showed each task.
    owners: Vec<Option<(CellName, u8, CallId)>>,
    /// Whether it is known where the data of the cluster is.
    is_placed: bool,
    /// Where a task id was shown by two slots.
    pub(super) shared: Option<SharedTask>,
    /// Where one answer showed several primaries.
    pub(super) several_primaries: Vec<SeveralPrimaries>,
    /// How many answers were judged.
    pub(super) judged: u64,
    /// How many calls were not, because the documents leave them open.
    pub(super) unjudged: u64,
    /// How many calls had no answer and may have acted.
    pub(super) lost: u64,
    pub(super) records: At,
    requests: Memo<Request, Rc<Asked>>,
    open: BTreeMap<CallId, (At, u32)>,
    fenced: BTreeMap<CallId, (CellName, usize)>,
    lists_of_all: Vec<ListOfAll>,
}

/// A task id that two slots showed.
#[derive(Debug, Clone, Copy)]
pub(super) struct SharedTask {
    pub(super) record: At,
    pub(super) call: CallId,
    pub(super) cell: CellName,
    /// The call that showed it first.
    pub(super) first: CallId,
}

/// One answer that showed several primaries, all of them active.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeveralPrimaries {
    pub(super) call: CallId,
    pub(super) invoked: At,
    pub(super) ended: At,
}

/// A list that every node has a part in.
struct ListOfAll {
    id: CallId,
    invoked: At,
    ended: At,
    kind: AskedKind,
    plain: Request,
    entries: Entries,
}

/// The symbols of each kind of cell.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    of_node: Interner<Symbol>,
    of_cluster: Interner<Symbol>,
    /// For each symbol the one of which nothing came back: of nodes, and of the cluster.
    bare: [Vec<u32>; 2],
}

impl Symbols {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.of_node.len() + self.of_cluster.len()
    }

    pub(super) fn get(&self, kind: Kind) -> &Interner<Symbol> {
        match kind {
            Kind::Node | Kind::Slot(_) => &self.of_node,
            Kind::Cluster => &self.of_cluster,
        }
    }

    pub(super) fn of(&mut self, kind: Kind) -> &mut Interner<Symbol> {
        match kind {
            Kind::Node | Kind::Slot(_) => &mut self.of_node,
            Kind::Cluster => &mut self.of_cluster,
        }
    }

    /// Finds for each symbol the one of which nothing came back. No symbol is added after that.
    pub(super) fn strip(&mut self) {
        for (symbols, bare) in [&mut self.of_node, &mut self.of_cluster].into_iter().zip(&mut self.bare) {
            for number in (bare.len()..symbols.len()).map(|at| at as u32) {
                let symbol = symbols.value(number);
                let forgotten = symbol.seen.is_some().then(|| Symbol { seen: None, ..symbol.clone() });
                bare.push(forgotten.map_or(number, |forgotten| symbols.number(forgotten)));
            }
            bare.extend(bare.len() as u32..symbols.len() as u32);
        }
    }

    /// The symbol of which nothing came back.
    pub(super) fn bare(&self, kind: Kind, symbol: u32) -> u32 {
        let bare = match kind {
            Kind::Node | Kind::Slot(_) => &self.bare[0],
            Kind::Cluster => &self.bare[1],
        };
        bare[symbol as usize]
    }
}

impl Sorted {
    /// Nothing yet, but that these symbols have numbers already. Where data is shown counts only if it is known where it
    /// is at first.
    pub(super) fn new(symbols: Symbols, is_placed: bool) -> Self {
        let mut sorted = Self {
            cells: BTreeMap::new(),
            tasks: Interner::default(),
            names: Interner::default(),
            symbols,
            lists: Interner::default(),
            owners: vec![None],
            is_placed,
            shared: None,
            several_primaries: Vec::new(),
            judged: 0,
            unjudged: 0,
            lost: 0,
            records: 0,
            requests: Memo::default(),
            open: BTreeMap::new(),
            fenced: BTreeMap::new(),
            lists_of_all: Vec::new(),
        };
        sorted.tasks.number("".into());
        sorted.names.number("".into());
        sorted.lists.number(Vec::new());
        sorted
    }

    /// Takes the next record.
    pub(super) fn take(&mut self, record: Record) {
        self.records += 1;
        match record.kind {
            Line::Invoke(Invoke { id, request, .. }) => {
                let asked =
                    self.requests.number(request, |request| Rc::new(Asked::of(request, &mut self.names)));
                self.open.insert(id, (self.records, asked));
            }
            Line::Return(answer) => {
                if let Some((invoked, asked)) = self.open.remove(&answer.id) {
                    self.answered(invoked, asked, &answer);
                }
            }
            Line::Lost(lost) => {
                if let Some((invoked, asked)) = self.open.remove(&lost.id) {
                    self.lost(lost.id, invoked, asked);
                }
            }
            Line::Fence(fence) => {
                for id in fence.lost {
                    if let Some((invoked, asked)) = self.open.remove(&id) {
                        self.lost(id, invoked, asked);
                    }
                    if let Some((cell, at)) = self.fenced.remove(&id) {
                        self.cells.get_mut(&cell).expect("the call is there").0[at].ended = self.records;
                    }
                }
            }
            Line::Unsent(call) => {
                self.open.remove(&call.id);
            }
            Line::Note(_) => {}
        }
    }

    /// No more records come: open calls are lost, and the lists of all nodes are split, also those of which nothing but
    /// that they are members is known.
    pub(super) fn finish(&mut self, members: &[NodeUid]) {
        for (id, (invoked, asked)) in std::mem::take(&mut self.open) {
            self.lost(id, invoked, asked);
        }
        let lists = std::mem::take(&mut self.lists_of_all);
        for uid in members.iter().filter(|_| !lists.is_empty()) {
            self.cells.entry(CellName::Node(*uid)).or_default();
        }
        for list in lists {
            for uid in list.entries.of.keys() {
                self.cells.entry(CellName::Node(*uid)).or_default();
            }
            let uids: Vec<_> = self.nodes().collect();
            for uid in uids {
                self.split(&list, uid);
            }
        }
        for calls in self.cells.values_mut() {
            calls.0.sort_by_key(|call| call.invoked);
        }
    }

    /// The nodes that the history speaks of.
    pub(super) fn nodes(&self) -> impl Iterator<Item = NodeUid> {
        self.cells.keys().filter_map(|cell| match cell {
            CellName::Node(uid) => Some(*uid),
            CellName::Cluster => None,
        })
    }

    fn lost(&mut self, id: CallId, invoked: At, asked: u32) {
        let asked = Rc::clone(self.requests.value(asked));
        if !matches!(asked.plain.method, Method::Post | Method::Delete) {
            return;
        }
        self.lost += 1;
        let at = self.push(&asked, id, (invoked, NEVER), Bond::Lost, None, (0, 0));
        self.fenced.insert(id, (asked.cell, at));
    }

    fn answered(&mut self, invoked: At, asked: u32, answer: &Return) {
        let asked = Rc::clone(self.requests.value(asked));
        let (ended, id) = (self.records, answer.id);
        if asked.is_free || answer.status >= 500 {
            self.unjudged += 1;
            // A refused POST may drop the old result (R-RESUBMIT-REJECTED).
            let may_act = match asked.plain.method {
                Method::Post => {
                    !(400..500).contains(&answer.status) || matches!(answer.status, 400 | 404 | 406)
                }
                Method::Delete => !(400..500).contains(&answer.status),
                _ => false,
            };
            if may_act {
                self.push(&asked, id, (invoked, ended), Bond::Unjudged, None, (0, 0));
            }
            return;
        }
        self.judged += 1;
        let is_shown = answer.status == 200 && asked.plain.method == Method::Get;
        match asked.kind {
            AskedKind::ListOfAll | AskedKind::Nodes | AskedKind::Statuses | AskedKind::ListOfNode
                if is_shown =>
            {
                self.list(&asked, invoked, answer);
            }
            AskedKind::Shards if is_shown && self.is_placed => self.list(&asked, invoked, answer),
            AskedKind::ListOfCluster if is_shown => self.list_of_cluster(&asked, invoked, answer),
            _ => {
                let (seen, task, shown) = self.seen(&asked, answer);
                self.push(&asked, id, (invoked, ended), Bond::Answered, Some(seen), (task, shown));
            }
        }
    }

    /// What came back of a call that is about one thing.
    fn seen(&mut self, asked: &Asked, answer: &Return) -> (Seen, Label, Label) {
        let (method, ok) = (asked.plain.method, answer.status == 200);
        let task = self.task(&answer.body);
        match (asked.kind, method) {
            (AskedKind::Action, Method::Get) if ok => (seen::action(&answer.body, asked.cell.uid()), task, 0),
            (AskedKind::Action, Method::Post) if ok => {
                let is_node_action = matches!(asked.cell, CellName::Node(_));
                (seen::accepted(&answer.body, is_node_action), task, 0)
            }
            (AskedKind::Node, Method::Get) if ok => (self.node(asked.cell.uid(), &answer.body), 0, 0),
            (AskedKind::NodeStatus, Method::Get) if ok => {
                let status = if let Body::Json(status) = &answer.body { status } else { &Value::Null };
                let (seen, name) = self.node_status(asked.cell.uid(), status);
                (seen, 0, name)
            }
            (AskedKind::Snapshots, Method::Get) if ok => self.snapshots(asked, &answer.body),
            (AskedKind::Other | AskedKind::Shards, Method::Get) if ok => (Seen::Shown, 0, 0),
            _ => (Seen::Code(answer.status), 0, 0),
        }
    }

    /// The label of the task id that an answer shows.
    fn task(&mut self, body: &Body) -> Label {
        match body {
            Body::Json(Value::Object(object)) => self.task_of(object.get("task_id")),
            _ => 0,
        }
    }

    fn task_of(&mut self, id: Option<&Value>) -> Label {
        match id {
            None | Some(Value::Null) => 0,
            Some(Value::String(id)) => self.tasks.number(id.as_str().into()),
            Some(other) => self.tasks.number(other.to_string().into()),
        }
    }

    fn push(
        &mut self,
        asked: &Asked,
        id: CallId,
        (invoked, ended): (At, At),
        bond: Bond,
        seen: Option<Seen>,
        (task, shown): (Label, Label),
    ) -> usize {
        self.own(asked.cell, asked.slot, task, id);
        let symbol = Symbol::plain(asked.plain.clone(), seen);
        let user_snapshots = match (seen, asked.kind) {
            (Some(Seen::Snapshots(count)), _) => count,
            (Some(Seen::NodeStatus { has_snapshot: true, .. }), _) => 1,
            _ if asked.plain.path.snapshot().is_some() => 1,
            (_, AskedKind::Action) if asked.slot == NodeAction::MaintenanceOff as u8 => 1,
            _ => 0,
        };
        let looks_at_node = !matches!(asked.kind, AskedKind::Action | AskedKind::ListOfCluster);
        let call = Call {
            id,
            is_pure: symbol.is_pure(),
            symbol: self.symbols.of(asked.cell.kind()).number(symbol),
            slot: asked.slot,
            looks_at_node,
            user_snapshots,
            may_clear: 0,
            invoked,
            ended,
            bond,
            task,
            target: asked.target,
            name: asked.name,
            shown,
        };
        let calls = self.cells.entry(asked.cell).or_default();
        calls.0.push(call);
        calls.0.len() - 1
    }

    /// Notes which slot a task belongs to. No two have the same (LIFE-19).
    fn own(&mut self, cell: CellName, slot: u8, task: Label, id: CallId) {
        if task == 0 {
            return;
        }
        self.owners.resize(self.owners.len().max(task as usize + 1), None);
        let (owner, of, first) = *self.owners[task as usize].get_or_insert((cell, slot, id));
        if (owner, of) != (cell, slot) && self.shared.is_none() {
            self.shared = Some(SharedTask { record: self.records, call: id, cell, first });
        }
    }
}
