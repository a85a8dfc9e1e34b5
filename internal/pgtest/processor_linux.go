package pgtest

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Processor gives the processor time that the server and all its connections used so far, those that ended too.
func (c *Cluster) Processor() time.Duration {
	server, err := c.server()
	if err != nil {
		return 0
	}
	used := ticks(server, 4)
	for _, child := range children(server) {
		used += ticks(child, 2)
	}
	return time.Duration(used) * 10 * time.Millisecond // ticks of 1/100 s
}

// ticks adds the first of a process's user time, system time, and both of its children that ended.
func ticks(process, count int) (sum int64) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", process))
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:])) // the name before may hold anything
	if len(fields) < 11+count {
		return 0
	}
	for _, field := range fields[11 : 11+count] {
		n, _ := strconv.ParseInt(field, 10, 64)
		sum += n
	}
	return sum
}
