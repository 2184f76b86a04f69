// Package wire is what the machines of a fleet say to each other, over NATS:
//
//	fleet.work.<share>.<run>    jobs, a work queue: each goes to one agent, and to another one
//	                            when it was not acknowledged in time
//	fleet.answer.<run>          answers, a stream: all of them, also after a reconnect
//	fleet.status.<agent>        how far an agent is, many times a second; some may get lost
//	key <run> in fleet_runs     whether a search goes on; who was away learns it on return
//
// Whatever may come twice does: a job when its agent was slow, an answer when its
// acknowledgement was lost. So both have names, and to do or to hear them again changes nothing.
package wire
