package gateway

import (
	"context"
	"log/slog"

	"github.com/pontage/pontage"
)

// record writes the call's one log line and tells the observer. The route is the operation's template: a raw path may hold what
// must not be in logs.
func (c *call) record() {
	duration := c.g.Clock.Now().Sub(c.started)
	var host, route string
	if c.match != nil {
		host, route = c.match.API.Host, c.match.Operation.Path
	}
	payer, charged := pontage.PayerNone, pontage.Money(0)
	if c.stage == settled {
		payer, charged = c.decision.Payer, c.decision.Charged
	}
	c.g.Logger.LogAttrs(context.WithoutCancel(c.in.Context()), slog.LevelInfo, "call",
		slog.String("callId", string(c.id)), slog.String("account", string(c.account)),
		slog.String("method", method(c.in.Method)), slog.String("host", host), slog.String("route", route),
		slog.Int("status", c.status), slog.String("code", string(c.code)),
		slog.String("payer", string(payer)), slog.String("charged", charged.String()),
		slog.Bool("delivered", !c.w.failed), slog.Int64("microseconds", duration.Microseconds()))
	if c.g.Observer != nil {
		c.g.Observer.CallEnded(host, route, c.code, c.status, payer, duration)
	}
}

// method keeps a stranger's invention out of the log.
func method(name string) string {
	switch name {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT":
		return name
	}
	return "other"
}
