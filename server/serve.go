package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"
)

// Options say how to serve.
type Options struct {
	// Only names the one instance to run; empty runs both.
	Only string
	// Demo fills a fresh instance with a small API, an account and credit.
	Demo    bool
	Version string
	Logger  *slog.Logger
	// Profiles is a loopback address for Go's profiles; empty serves none.
	Profiles string
	// Started is told once everything is ready; it may be nil.
	Started func([]Running)
}

// Running describes an instance that is ready.
type Running struct {
	Name string
	URL  string
	// Gate is the address of the gate's own listener, empty without one.
	Gate string
	// Demo is nil without a demo account.
	Demo *Demo
}

// Serve runs the instances until ctx ends, then drains: readiness goes first, calls in flight finish, background work stops, and the
// databases close. It gives nil after a clean stop.
func Serve(ctx context.Context, c Config, o Options) error {
	certificate, err := loadCertificate(c, o.Logger)
	if err != nil {
		return err
	}
	if o.Profiles != "" {
		profiles, err := serveProfiles(o.Profiles)
		if err != nil {
			return err
		}
		defer profiles.Close()
	}
	names := []string{Production, Sandbox}
	if o.Only != "" {
		names = []string{o.Only}
	}
	var all []*running
	defer func() { closeAll(all) }()
	for _, name := range names {
		r, err := start(ctx, c, o, name, certificate)
		if err != nil {
			return errors.Join(err, drainAll(all, c.DrainTimeout))
		}
		all = append(all, r)
	}
	return supervise(ctx, c, o, all)
}

// running is an instance with its front and its background work.
type running struct {
	*Instance
	health *health
	// listeners are the public one and, where there is one, the gate's.
	listeners []*listener
	work      *errgroup.Group
	stopWork  context.CancelFunc
	// stopped is closed when background work ended, for whatever reason.
	stopped chan struct{}
	demo    *Demo
}

// start opens, prepares and listens; the background work outlives ctx until it is stopped, so that calls in flight can settle.
func start(ctx context.Context, c Config, o Options, name string, certificate *certificate) (*running, error) {
	i, err := Open(ctx, c, name, o.Version, o.Logger)
	if err != nil {
		return nil, err
	}
	r := &running{Instance: i, stopped: make(chan struct{}), health: &health{ping: i.Store.Ping, clock: i.clock}}
	if err := r.prepare(ctx, o.Demo); err != nil {
		return nil, errors.Join(err, i.Close())
	}
	m := newMetrics(name, o.Version)
	m.registry.MustRegister(newMeterMetrics(i.Meter.Counters), newBooksMetrics(i.Meter.Standing))
	public, gate, err := i.handler(r.health, m)
	if err != nil {
		return nil, errors.Join(err, i.Close())
	}
	if r.listeners, err = i.listen(public, gate, certificate); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), i.Close())
	}
	workCtx, stop := context.WithCancel(context.WithoutCancel(ctx))
	r.stopWork = stop
	r.work, workCtx = errgroup.WithContext(workCtx)
	r.work.Go(func() error { return i.Meter.Run(workCtx) })
	r.work.Go(func() error { i.Catalog.Run(workCtx); return nil })
	r.work.Go(func() error { i.sweepExpired(workCtx); return nil })
	r.work.Go(func() error { i.Mail.Run(workCtx); return nil })
	r.work.Go(func() error { return i.verifyDaily(workCtx) })
	go func() { r.work.Wait(); close(r.stopped) }()
	for _, l := range r.listeners {
		go l.serve()
	}
	return r, nil
}

// prepare puts the platform's own API, and where asked for the demo, into the catalogue.
func (r *running) prepare(ctx context.Context, demo bool) (err error) {
	if err := r.importPlatform(ctx); err != nil {
		return err
	}
	if demo {
		r.demo, err = r.prepareDemo(ctx)
	}
	return err
}

// supervise waits for the end of ctx or the first failure, then drains everything.
func supervise(ctx context.Context, c Config, o Options, all []*running) error {
	if o.Started != nil {
		o.Started(describe(all))
	}
	failure := waitForEnd(ctx, all)
	o.Logger.Info("draining")
	for _, r := range all {
		r.health.draining.Store(true)
	}
	if failure == nil {
		time.Sleep(c.DrainDelay)
	}
	return errors.Join(failure, drainAll(all, c.DrainTimeout))
}

func drainAll(all []*running, timeout time.Duration) error {
	stops := errgroup.Group{}
	for _, r := range all {
		stops.Go(func() error { return r.drain(timeout) })
	}
	return stops.Wait()
}

// drain finishes calls in flight first, then what is owed to their partners, then the background work that settles and gives back.
func (r *running) drain(timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	err := stopAll(r.listeners, timeout)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("%s: calls that were still running after %s were cut off; their holds expire", r.Name(), timeout)
	}
	if owed := r.Meter.Drain(ctx); owed != nil {
		err = errors.Join(err, fmt.Errorf("%s: %w", r.Name(), owed))
	}
	r.stopWork()
	if workErr := r.work.Wait(); workErr != nil && !errors.Is(workErr, context.Canceled) {
		err = errors.Join(err, workErr)
	}
	return err
}

func waitForEnd(ctx context.Context, all []*running) error {
	failed := make(chan error, 3*len(all))
	for _, r := range all {
		for _, l := range r.listeners {
			go func() {
				select {
				case err := <-l.failed:
					failed <- fmt.Errorf("%s: %w", r.Name(), err)
				case <-ctx.Done():
				}
			}()
		}
		go func() {
			select {
			case <-r.stopped:
				failed <- errors.Join(errors.New(r.Name()+": background work ended"), r.work.Wait())
			case <-ctx.Done():
			}
		}()
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return err
	}
}

func describe(all []*running) []Running {
	var list []Running
	for _, r := range all {
		list = append(list, Running{Name: r.Name(), URL: r.PublicURL(), Gate: r.values.endpoint.GateListen, Demo: r.demo})
	}
	return list
}

func closeAll(all []*running) {
	for _, r := range all {
		if err := r.Close(); err != nil {
			r.log.Error("closing the database", "error", err)
		}
	}
}
