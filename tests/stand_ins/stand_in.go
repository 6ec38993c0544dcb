// Package anthropic stands in for the SDK, and writes out the body that it is handed.
package anthropic

import (
	"context"
	"os"

	"github.com/anthropics/anthropic-sdk-go/v2/option"
)

type Client struct{ Messages Messages }
type Messages struct{ options []option.RequestOption }
type MessageNewParams struct{}
type Stream struct{}
type Event struct{}
type Delta struct{}
type ContentBlockDeltaEvent struct{ Delta Delta }
type TextDelta struct{ Text string }

func (Stream) Next() bool     { return false }
func (Stream) Current() Event { return Event{} }
func (Stream) Err() error     { return nil }
func (Event) AsAny() any      { return nil }
func (Delta) AsAny() any      { return nil }

func NewClient(options ...option.RequestOption) Client { return Client{Messages{options}} }

func (messages Messages) NewStreaming(_ context.Context, _ MessageNewParams, more ...option.RequestOption) Stream {
	call := option.Call{Headers: map[string]string{}}
	for _, apply := range append(messages.options, more...) {
		apply(&call)
	}
	file, err := os.OpenFile(os.Getenv("PROGRAMS")+"/sent", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	file.Write(append(call.Body, 0))
	return Stream{}
}
