package gateway_test

import (
	"context"
	"errors"
	"sync"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/meter"
)

const goodBearer = "pt_live_good"

// fakeAdmit knows one bearer. It stands in for oauth where a test is about HTTP alone.
type fakeAdmit struct{ readmitted int }

func (f *fakeAdmit) Admit(_ context.Context, bearer string) (*pontage.Admission, error) {
	if bearer != goodBearer {
		return nil, pontage.E(pontage.Unauthenticated, "The token is not valid.")
	}
	return &pontage.Admission{AccountID: "acc_1", TokenID: "0123456789abcdef01234567", LineageID: "lin_1"}, nil
}

func (f *fakeAdmit) Supposed(pontage.Fact) error { return nil }

func (f *fakeAdmit) Readmit(ctx context.Context, bearer string) (*pontage.Admission, error) {
	f.readmitted++
	return f.Admit(ctx, bearer)
}

// ended is what became of one call.
type ended struct {
	how string
	meter.Ending
}

// fakeMeter admits everything that matched while there is credit, and remembers every ending.
type fakeMeter struct {
	mu       sync.Mutex
	credit   pontage.Money
	attempts []pontage.Attempt
	open     map[pontage.CallID]pontage.Money // held
	spent    map[pontage.CallID]pontage.Money
	endings  []ended
	stale    int   // how many times Reserve says ErrStale
	settle   error // what Settle fails with
	charged  bool  // whether a failing Settle has charged all the same
}

const price pontage.Money = 50_000

func (m *fakeMeter) Reserve(_ context.Context, a pontage.Attempt) (*pontage.Decision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stale > 0 {
		m.stale--
		return nil, meter.ErrStale
	}
	m.attempts = append(m.attempts, a)
	d := &pontage.Decision{CallID: a.CallID, Rate: pontage.RateState{Limit: 600, Remaining: 599, Window: 60e9, Reset: 1500e6}}
	switch {
	case a.Match == nil:
		d.Refusal = pontage.E(pontage.OperationNotFound, "No operation fits.")
	case m.credit < price:
		d.Refusal = pontage.E(pontage.InsufficientCredit, "The credit does not cover this call.")
		d.Limit, d.Left, d.Unit = "wallet", m.credit.String(), "EUR"
	default:
		d.Admitted, d.Payer, d.Charged = true, pontage.PayerWallet, price
		m.credit -= price
		m.open[a.CallID] = price
	}
	return d, nil
}

func (m *fakeMeter) Settle(_ context.Context, e meter.Ending) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.endings = append(m.endings, ended{"settle", e})
	if m.settle == nil || m.charged {
		m.spent[e.CallID] = m.open[e.CallID]
		delete(m.open, e.CallID)
	}
	return m.settle
}

func (m *fakeMeter) GiveBack(_ context.Context, e meter.Ending) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.endings = append(m.endings, ended{"give back", e})
	for _, from := range []map[pontage.CallID]pontage.Money{m.open, m.spent} {
		m.credit += from[e.CallID]
		delete(from, e.CallID)
	}
	return nil
}

// history lists the endings in order, "settle 200".
func (m *fakeMeter) history() []ended {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]ended(nil), m.endings...)
}

func (m *fakeMeter) left() pontage.Money {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.credit
}

// rows is a catalogue without a database: catalog.Store over fixed rows.
type rows struct{ all pontage.Catalog }

func (r rows) CatalogVersion(context.Context) (int64, error) { return r.all.Version, nil }

func (r rows) AccountAccess(context.Context, pontage.AccountID) (*pontage.AccountAccess, error) {
	return &pontage.AccountAccess{}, nil
}

func (r rows) Read(_ context.Context, do func(pontage.Reader) error) error {
	return do(rowReader{all: &r.all})
}

func (r rows) Write(context.Context, func(pontage.Tx) error) error { return errors.New("read only") }

type rowReader struct {
	pontage.Reader
	all *pontage.Catalog
}

func (r rowReader) Catalog(context.Context) (*pontage.Catalog, error) { return r.all, nil }

var _ catalog.Store = rows{}
