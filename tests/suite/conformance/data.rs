//! The documents over data: shards, roles, endpoints, capacity and quorum.
//!
//! The scripts start from `fixtures/topologies`. In `small`, node 2 holds a replica (shard 2), a master (shard 3)
//! and the endpoint of database 1; their other copies are on node 1, so that node 3 is the only place to go.

mod change_master;
mod enslave_node;
mod evict_dbs;
mod eviction;
mod maintenance_off;
mod maintenance_off_failed;
mod maintenance_on;
mod maintenance_on_space;
mod persistence;
mod placement;
mod quorum;
mod remove;
mod remove_capacity;
mod restore;
mod snapshot;
