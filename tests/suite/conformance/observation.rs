//! What else shows the cluster (section OBS), and the requests about node snapshots.

mod access;
mod snapshot;
mod view;
