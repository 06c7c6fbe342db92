//! Finds types that contain themselves, and the fields that must be boxed so that types have a finite size.

use crate::ir::{Type, TypeDef, TypeId, TypeKind};

/// The groups of types that contain each other: the strongly connected components of the containment graph.
pub(crate) struct Recursion {
    component: Vec<usize>,
}

impl Recursion {
    pub fn of(types: &[TypeDef]) -> Self {
        let edges: Vec<Vec<usize>> = types.iter().map(|definition| contained(&definition.kind)).collect();
        Self { component: components(&edges) }
    }

    /// Returns whether a field of type `field` in the struct `owner` must be boxed. Variants of unions are never boxed,
    /// because every cycle includes a field: no union directly contains itself.
    pub fn needs_box(&self, owner: TypeId, field: &Type) -> bool {
        let Type::Named(inner) = field else { return false };
        let component = self.component.get(owner.0);
        component.is_some() && component == self.component.get(inner.0)
    }
}

/// Returns the number of the strongly connected component of each node. If component A can reach component B, A has the
/// higher number. Implements Tarjan's algorithm without recursion, because deeply nested documents would overflow the
/// stack.
pub(crate) fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut search = Search {
        edges,
        index: vec![None; edges.len()],
        low: vec![0; edges.len()],
        component: vec![usize::MAX; edges.len()],
        open: Vec::new(),
        next: 0,
        closed: 0,
    };
    for start in 0..edges.len() {
        search.visit(start);
    }
    search.component
}

/// Returns the types that a type contains directly. Types in a `Vec` or map are excluded, because their values are
/// stored on the heap.
fn contained(kind: &TypeKind) -> Vec<usize> {
    let direct = |ty: &Type| {
        let mut ty = ty;
        while let Type::Nullable(inner) = ty {
            ty = inner;
        }
        if let Type::Named(id) = ty { Some(id.0) } else { None }
    };
    match kind {
        TypeKind::Alias(ty) | TypeKind::Wrapper(ty) => direct(ty).into_iter().collect(),
        TypeKind::Object(object) => object.properties.iter().filter_map(|property| direct(&property.ty)).collect(),
        TypeKind::Union(union) => union.variants.iter().filter_map(|variant| direct(&variant.ty)).collect(),
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => Vec::new(),
    }
}

struct Search<'a> {
    edges: &'a [Vec<usize>],
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    component: Vec<usize>,
    open: Vec<usize>,
    next: usize,
    closed: usize,
}

impl Search<'_> {
    fn visit(&mut self, start: usize) {
        if self.index.get(start).copied().flatten().is_some() {
            return;
        }
        self.enter(start);
        let mut path = vec![(start, 0)];
        while let Some((node, edge)) = path.last_mut() {
            let node = *node;
            if let Some(&target) = self.edges.get(node).and_then(|edges| edges.get(*edge)) {
                *edge += 1;
                match self.index.get(target).copied().flatten() {
                    None => {
                        self.enter(target);
                        path.push((target, 0));
                    }
                    Some(index) if self.component.get(target) == Some(&usize::MAX) => self.lower(node, index),
                    Some(_) => {}
                }
                continue;
            }
            path.pop();
            let low = self.low.get(node).copied().unwrap_or_default();
            if let Some((above, _)) = path.last() {
                self.lower(*above, low);
            }
            if self.index.get(node).copied().flatten() == Some(low) {
                self.close(node);
            }
        }
    }

    fn enter(&mut self, node: usize) {
        if let (Some(index), Some(low)) = (self.index.get_mut(node), self.low.get_mut(node)) {
            *index = Some(self.next);
            *low = self.next;
        }
        self.next += 1;
        self.open.push(node);
    }

    fn lower(&mut self, node: usize, to: usize) {
        if let Some(low) = self.low.get_mut(node) {
            *low = (*low).min(to);
        }
    }

    fn close(&mut self, root: usize) {
        while let Some(node) = self.open.pop() {
            if let Some(component) = self.component.get_mut(node) {
                *component = self.closed;
            }
            if node == root {
                break;
            }
        }
        self.closed += 1;
    }
}
