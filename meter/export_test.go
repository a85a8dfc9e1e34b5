package meter

import "context"

// Reap, Renew and FoldNow do now what Run does by the clock.
func (m *Meter) Reap(ctx context.Context) error    { return m.reap(ctx) }
func (m *Meter) Renew(ctx context.Context) error   { return m.renew(ctx) }
func (m *Meter) FoldNow(ctx context.Context) error { _, err := m.fold(ctx); return err }

// FoldAtEase is what Run does each time.
func (m *Meter) FoldAtEase(ctx context.Context) error { return m.foldAtEase(ctx) }

// CloseNow and DeleteNow do now what Run does by the clock.
func (m *Meter) CloseNow(ctx context.Context) error  { return m.closeDays(ctx) }
func (m *Meter) DeleteNow(ctx context.Context) error { return m.deleteCalls(ctx) }

// Forget empties the memory of open calls, as a restart does.
func (m *Meter) Forget() { m.open.Purge() }
