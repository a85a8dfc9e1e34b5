package meter

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/pontage/pontage"
)

// openCalls bounds how many calls' rows are remembered for their ending; an older one costs a read.
const openCalls = 65_536

// Meter decides calls and keeps the books of one instance; several may share one database.
type Meter struct {
	config Config
	store  Store
	clock  pontage.Clock
	log    *slog.Logger

	queue chan *item
	// syncing counts the items of batches that are written and not answered yet; synced tells when there are less.
	syncing atomic.Int64
	synced  chan struct{}
	// gate orders enqueueing before closing, so that nothing is queued after the last batch.
	gate    sync.RWMutex
	closed  bool
	started atomic.Bool
	// stopped is closed when Run has returned.
	stopped chan struct{}
	open    *lru.Cache[pontage.CallID, rows]
	owed    *debts

	// rates, releases and logged belong to the batch that is being decided: admitted calls, released calls, and refusals that were
	// written to the log.
	rates, releases, logged *rateTable
	// own counts the platform's own operations.
	own struct {
		sync.Mutex
		table *rateTable
	}
	counts counters
	// foldAgain is when it is folded next at the earliest; it belongs to that work.
	foldAgain time.Time
	// used is when the use of tokens was noted last.
	used *lru.Cache[pontage.LineageID, time.Time]
	// told are thresholds that need no telling any more.
	told *lru.Cache[pontage.Threshold, struct{}]
}

// New makes a Meter; it decides once Run runs.
func New(config Config) *Meter {
	config = config.withDefaults()
	open, err := lru.New[pontage.CallID, rows](openCalls)
	if err != nil {
		panic(err) // only for a size below one
	}
	told, err := lru.New[pontage.Threshold, struct{}](toldThresholds)
	if err != nil {
		panic(err) // only for a size below one
	}
	used, err := lru.New[pontage.LineageID, time.Time](toldThresholds)
	if err != nil {
		panic(err) // only for a size below one
	}
	m := &Meter{
		used:   used,
		told:   told,
		config: config, store: config.Store, clock: config.Clock, log: config.Logger,
		queue:   make(chan *item, config.QueueLength),
		synced:  make(chan struct{}, 1),
		stopped: make(chan struct{}), open: open, owed: newDebts(),
		rates:    newRateTable(config.RateKeys),
		releases: newRateTable(config.RateKeys/8 + 1),
		logged:   newRateTable(config.RateKeys/8 + 1),
		counts:   newCounters(),
	}
	m.own.table = newRateTable(config.RateKeys)
	return m
}

// Run writes batches, folds the call log, releases expired holds, gives back what is owed, renews subscriptions and closes days until ctx
// ends; then it writes what is queued and returns. What is asked of the meter after that is Unavailable. It may be called once.
func (m *Meter) Run(ctx context.Context) error {
	if !m.started.CompareAndSwap(false, true) {
		return pontage.E(pontage.Internal, "The meter runs already.")
	}
	defer close(m.stopped)
	var background, batches sync.WaitGroup
	batches.Go(func() { m.runBatches(context.WithoutCancel(ctx)) })
	background.Go(func() { m.every(ctx, m.config.FoldEvery, "fold the call log", m.foldAtEase) })
	background.Go(func() { m.every(ctx, m.config.ReapEvery, "release expired holds", m.reap) })
	background.Go(func() { m.payDebts(ctx) })
	background.Go(func() { m.every(ctx, m.config.ReapEvery, "renew subscriptions", m.renew) })
	background.Go(func() { m.every(ctx, m.config.CloseEvery, "close days", m.closeDays) })
	background.Go(func() { m.every(ctx, m.config.CloseEvery, "delete old calls", m.deleteCalls) })
	<-ctx.Done()
	background.Wait()
	m.stopPaying(context.WithoutCancel(ctx))
	m.gate.Lock()
	m.closed = true
	m.gate.Unlock()
	close(m.queue)
	batches.Wait()
	return nil
}
