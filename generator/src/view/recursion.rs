//! Which types contain themselves: which members must be boxed, and which types lie in circles.

use crate::ir::{Type, TypeDef, TypeId, TypeKind};

/// For each type, the component of mutual containment that it belongs to: two types of one component contain each other.
pub(crate) struct Recursion {
    component: Vec<usize>,
}

impl Recursion {
    pub fn of(types: &[TypeDef]) -> Self {
        let edges: Vec<Vec<usize>> = types.iter().map(|definition| contained(&definition.kind)).collect();
        Self { component: components(&edges) }
    }

    /// Whether a member of `owner` that holds an `inside` needs a box. An arm of a union never does: no union is its own arm,
    /// so that every circle leads through a member.
    pub fn needs_box(&self, owner: TypeId, inside: &Type) -> bool {
        let Type::Named(inner) = inside else { return false };
        let component = self.component.get(owner.0);
        component.is_some() && component == self.component.get(inner.0)
    }
}

/// The component of each node: two nodes of one can be reached from each other, and a component has a higher number than those
/// that can be reached from it. By Tarjan's algorithm, without recursion of its own: documents nest deeper than stacks.
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

/// The types whose values lie directly within values of this shape, not behind a `Vec` or map.
fn contained(shape: &TypeKind) -> Vec<usize> {
    let direct = |ty: &Type| {
        let mut ty = ty;
        while let Type::Nullable(inner) = ty {
            ty = inner;
        }
        if let Type::Named(id) = ty { Some(id.0) } else { None }
    };
    match shape {
        TypeKind::Alias(ty) | TypeKind::Wrapper(ty) => direct(ty).into_iter().collect(),
        TypeKind::Object(object) => object.properties.iter().filter_map(|member| direct(&member.ty)).collect(),
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
