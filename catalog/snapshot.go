package catalog

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pontage/pontage"
)

// snapshot is the catalogue made ready for lookups; it is never changed but for its cache of access.
type snapshot struct {
	version int64
	prefix  string
	apis    []*pontage.API
	apiByID map[pontage.APIID]*pontage.API
	// scopes is sorted by name.
	scopes      []*pontage.Scope
	scopeByID   map[pontage.ScopeID]*pontage.Scope
	scopeByName map[string]*pontage.Scope
	// operationByID has the disabled ones too: calls of before are still told.
	operationByID map[pontage.OperationID]*pontage.Operation
	// hosts has the enabled APIs, under their host with and without the instance's prefix.
	hosts  map[string]*hostIndex
	access accessCache
}

// hostIndex finds the operations of one API.
type hostIndex struct {
	api *pontage.API
	// methods has one trie per method.
	methods map[string]*node
}

// newSnapshot indexes the catalogue; rows that point nowhere are left out, so a lookup never meets nil.
func newSnapshot(c *pontage.Catalog, prefix string) *snapshot {
	s := &snapshot{
		version: c.Version, prefix: prefix,
		apiByID:       make(map[pontage.APIID]*pontage.API, len(c.APIs)),
		scopeByID:     make(map[pontage.ScopeID]*pontage.Scope, len(c.Scopes)),
		scopeByName:   make(map[string]*pontage.Scope, len(c.Scopes)),
		operationByID: make(map[pontage.OperationID]*pontage.Operation, len(c.Operations)),
		hosts:         make(map[string]*hostIndex, 2*len(c.APIs)),
	}
	for i := range c.APIs {
		s.addAPI(&c.APIs[i])
	}
	slices.SortFunc(s.apis, func(a, b *pontage.API) int { return cmp.Compare(a.Host, b.Host) })
	for i := range c.Scopes {
		s.addScope(&c.Scopes[i])
	}
	slices.SortFunc(s.scopes, func(a, b *pontage.Scope) int { return cmp.Compare(a.Name, b.Name) })
	for i := range c.Operations {
		s.addOperation(&c.Operations[i])
	}
	return s
}

func (s *snapshot) addAPI(a *pontage.API) {
	s.apis = append(s.apis, a)
	s.apiByID[a.ID] = a
	if !a.Enabled {
		return
	}
	index := &hostIndex{api: a, methods: map[string]*node{}}
	s.hosts[a.Host] = index
	if bare, ok := strings.CutPrefix(a.Host, s.prefix); ok && s.hosts[bare] == nil {
		s.hosts[bare] = index
	}
}

func (s *snapshot) addScope(sc *pontage.Scope) {
	if s.apiByID[sc.APIID] == nil {
		return
	}
	s.scopes = append(s.scopes, sc)
	s.scopeByID[sc.ID] = sc
	s.scopeByName[sc.Name] = sc
}

func (s *snapshot) addOperation(o *pontage.Operation) {
	s.operationByID[o.ID] = o
	api, scope := s.apiByID[o.APIID], s.scopeByID[o.ScopeID]
	if !o.Enabled || api == nil || scope == nil || !api.Enabled {
		return
	}
	index := s.hosts[api.Host]
	root := index.methods[o.Method]
	if root == nil {
		root = &node{}
		index.methods[o.Method] = root
	}
	root.insert(o.Path, &target{operation: o, scope: scope})
}

// platform says whether the scope belongs to the API we serve ourselves.
func (s *snapshot) platform(sc *pontage.Scope) bool { return s.apiByID[sc.APIID].Platform }
