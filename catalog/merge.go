package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/pontage/pontage"
)

// importerVersion goes into every digest: raise it when the importer makes something else of the same document.
const importerVersion = 2

// merge is what becomes of one API: the compiled document laid over the rows there are.
type merge struct {
	*compiled
	outcome    string
	api        pontage.API
	scopes     []pontage.Scope
	operations []pontage.Operation
	answers    []pontage.Answer
	// before are the API's scopes as they were, by name, and wasEnabled says whether it was served.
	before     map[string]pontage.Scope
	wasEnabled bool
	// goneOperations and goneScopes were enabled and are not in the document any more.
	goneOperations, goneScopes int
	// formerVersion is what the API's version was.
	formerVersion string
}

// bareHost is a stored host as the document writes it.
func (s *Service) bareHost(host string) string { return strings.TrimPrefix(host, s.HostPrefix) }

// store lays the document over the catalogue and writes what came out, if anything is different. It writes the version's row
// before it reads for good: two imports at once wait for each other there.
func (s *Service) store(ctx context.Context, tx pontage.Tx, p *plan, c *compiled) (*merge, *fault, error) {
	all, err := tx.Catalog(ctx)
	if err != nil {
		return nil, nil, err
	}
	m, wrong := s.merge(all, p, c)
	if wrong != nil || m.outcome == outcomeUnchanged {
		return m, wrong, nil
	}
	if c.published == nil {
		return nil, nil, errUnpublished
	}
	if err := tx.BumpCatalogVersion(ctx); err != nil {
		return nil, nil, err
	}
	if all, err = tx.Catalog(ctx); err != nil {
		return nil, nil, err
	}
	if m, wrong = s.merge(all, p, c); wrong != nil {
		return nil, wrong, nil
	}
	return m, nil, m.write(ctx, tx, all)
}

func (m *merge) write(ctx context.Context, tx pontage.Tx, before *pontage.Catalog) error {
	if err := tx.PutAPI(ctx, m.api); err != nil {
		return err
	}
	if err := tx.PutScopes(ctx, m.scopes); err != nil {
		return err
	}
	if err := tx.PutOperations(ctx, m.operations); err != nil {
		return err
	}
	if err := tx.ReplaceAnswers(ctx, m.api.ID, m.answers); err != nil {
		return err
	}
	return m.writePublished(ctx, tx, before)
}

// merge decides everything and writes nothing.
func (s *Service) merge(all *pontage.Catalog, p *plan, c *compiled) (*merge, *fault) {
	m := &merge{compiled: c, outcome: outcomeUpdated}
	host, now := s.HostPrefix+c.host, s.Clock.Now()
	at := slices.IndexFunc(all.APIs, func(a pontage.API) bool { return a.Host == host })
	if at >= 0 {
		m.api = all.APIs[at]
		if m.api.Platform != c.platform {
			return nil, faultAt("/servers", "Host %q is the platform's own.", c.host)
		}
	} else {
		m.outcome = outcomeCreated
		m.api = pontage.API{ID: pontage.NewAPIID(now), Host: host, Platform: c.platform, CreatedAt: now}
	}
	before := m.api
	m.formerVersion, m.wasEnabled = before.Version, before.Enabled
	if wrong := m.configure(p, s.HostPrefix); wrong != nil {
		return nil, wrong
	}
	ids := m.mergeScopes(all, p, s)
	m.mergeOperations(all, ids, s)
	m.api.Digest = m.digest()
	if m.api.Digest == before.Digest && before.Enabled {
		m.outcome = outcomeUnchanged
	}
	m.api.UpdatedAt = now
	return m, nil
}

// configure sets what the document and the operator say of the API as a whole.
func (m *merge) configure(p *plan, prefix string) *fault {
	a := &m.api
	a.Title, a.Version, a.Description, a.Enabled = m.title, m.version, m.description, true
	upstream, err := p.Upstream.For(m.host)
	if err != nil {
		return faultAt("/servers", "The upstream for %q is not valid: %s", m.host, pontage.Public(err).Message)
	}
	if upstream != "" {
		a.Upstream = upstream
	}
	if p.MaxBody > 0 {
		a.MaxBody = p.MaxBody
	}
	if p.HeaderTimeout > 0 {
		a.HeaderTimeout = p.HeaderTimeout
	}
	if p.prices != nil {
		a.FreeStatuses = p.prices.freeStatuses(m.api.Host, prefix)
	}
	return nil
}

// mergeScopes gives the id of each scope by name; what the document lost is disabled.
func (m *merge) mergeScopes(all *pontage.Catalog, p *plan, s *Service) map[string]pontage.ScopeID {
	known := map[string]pontage.Scope{}
	for _, sc := range all.Scopes {
		if sc.APIID == m.api.ID {
			known[sc.Name] = sc
		}
	}
	m.before = maps.Clone(known)
	ids := map[string]pontage.ScopeID{}
	for _, o := range m.compiled.operations {
		name := scopeName(o.method, m.api.Host, o.segment)
		if _, done := ids[name]; done {
			continue
		}
		sc, there := known[name]
		if !there {
			sc = pontage.Scope{ID: pontage.NewScopeID(s.Clock.Now()), APIID: m.api.ID, Name: name,
				Method: o.method, Host: m.api.Host, Segment: o.segment}
		}
		sc.Enabled = true
		if p.prices != nil && !m.platform {
			p.prices.apply(&sc, s.HostPrefix)
		}
		ids[name] = sc.ID
		m.scopes = append(m.scopes, sc)
		delete(known, name)
	}
	for _, sc := range known {
		if sc.Enabled {
			m.goneScopes++
		}
		sc.Enabled = false
		m.scopes = append(m.scopes, sc)
	}
	slices.SortFunc(m.scopes, func(a, b pontage.Scope) int { return strings.Compare(a.Name, b.Name) })
	return ids
}

// mergeOperations keeps ids by method and path, and gives the answers theirs.
func (m *merge) mergeOperations(all *pontage.Catalog, scopes map[string]pontage.ScopeID, s *Service) {
	known := map[string]pontage.Operation{}
	for _, o := range all.Operations {
		if o.APIID == m.api.ID {
			known[o.Method+" "+o.Path] = o
		}
	}
	for _, c := range m.compiled.operations {
		o, there := known[c.method+" "+c.path]
		if !there {
			o = pontage.Operation{ID: pontage.NewOperationID(s.Clock.Now()), APIID: m.api.ID, Method: c.method, Path: c.path}
		}
		o.Enabled, o.ScopeID = true, scopes[scopeName(c.method, m.api.Host, c.segment)]
		delete(known, c.method+" "+c.path)
		m.operations = append(m.operations, o)
		for _, answer := range c.answers {
			answer.OperationID = o.ID
			m.answers = append(m.answers, answer)
		}
	}
	for _, o := range known {
		if o.Enabled {
			m.goneOperations++
		}
		o.Enabled = false
		m.operations = append(m.operations, o)
	}
}

// digest is over all that an import decides but ids and times.
func (m *merge) digest() string {
	scopes := slices.Clone(m.scopes)
	for i := range scopes {
		scopes[i].ID, scopes[i].APIID = "", ""
	}
	a := m.api
	text, err := json.Marshal([]any{importerVersion, m.sum, a.Host, a.Platform, a.Upstream, a.MaxBody, a.HeaderTimeout, a.FreeStatuses, scopes})
	if err != nil {
		panic(err) // numbers, strings and lists of them always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// report is what the operator reads of it.
func (m *merge) report() DocumentReport {
	r := DocumentReport{Document: m.name, Host: m.api.Host, API: m.api.ID, Title: m.title, Outcome: m.outcome,
		Operations: len(m.compiled.operations), Upstream: m.platform || m.api.Upstream != "",
		Repairs: m.repairs, LeftOut: m.leftOut, DisabledOperations: m.goneOperations, DisabledScopes: m.goneScopes}
	for _, sc := range m.scopes {
		if sc.Enabled {
			r.Scopes++
			if sc.Price != nil {
				r.Sellable++
			}
		}
	}
	for _, a := range m.answers {
		switch {
		case a.ContentType == "":
			r.Empty++
		case a.Generated:
			r.Generated++
		default:
			r.Examples++
		}
	}
	return r
}
