// Package wire defines the messages of a fleet, over NATS:
//
//	fleet.work.<share>.<run>    jobs, a work queue: each job goes to one agent, or to
//	                            another if the first does not acknowledge it in time
//	fleet.answer.<run>          answers, a stream: all of them, also after a reconnect
//	fleet.status.<agent>        progress of an agent, many times a second; some may get lost
//	key <run> in fleet_runs     whether a search is running; agents that were offline learn it
//	                            when they reconnect
//
// Messages may arrive twice: a job if its agent was slow, an answer if its acknowledgement was
// lost. So jobs and answers have names, and handling one a second time changes nothing.
package wire
