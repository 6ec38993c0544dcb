"""Sentences for the simulator's prose; `{main}` and `{other}` are phrases of the prompt, never a subject.

They stand after a preposition or a verb, so that singular and plural phrases both read well.
"""

from __future__ import annotations

from typing import Final

OPENERS: Final = (
    "The short version: with {main}, the {important} part is to decide what you want before deciding how to get it.",
    "There is a simple way to think about {main}, and it starts with {other}.",
    "Most explanations of {main} begin in the middle. It is easier to begin with what it is for.",
    "To make sense of {main}, separate three questions: what it does, what it costs, and how you notice that it fails.",
    "A good picture of {main} needs only a few parts. Begin with {other}, and add the rest as you need it.",
    "The idea behind {main} is {small}, even if the details are not.",
)
FOLLOW_UPS: Final = (
    "Building on what we said before, the next thing to look at is {main}.",
    "That changes the picture a little. With {main} in view, {other} deserves a second look.",
    "Good follow-up. The earlier answer still holds, but {main} adds a condition to it.",
    "Taking {main} next: it follows the same pattern, with one difference.",
)
BODY: Final = (
    "{People} {often} underestimate {aspect}, because it stays invisible until something goes wrong.",
    "When you work with {main}, {aspect} decides more than any single technique.",
    "A {small} trial {shows} more about {main} than a long discussion of {other}.",
    "It helps to write down what you expect from {main} before you {check} what happens.",
    "The relation between {main} and {other} is {important}: a change to one {often} shows up in the other.",
    "If the result looks wrong, {check} {aspect} {first}; it is the cheapest thing to rule out.",
    "None of this is {costly} as long as you find it {quickly}.",
    "In a typical {example}, the trouble begins with {other} and only later reaches {main}.",
    "There is a trade-off here: more {aspect} {often} means less {aspect2}.",
    "A {useful} habit is to {change} one thing at a time and to keep what you had before.",
    "What works for a {small} {example} does not always carry over, so treat {aspect} as something to measure.",
    "The strongest argument for {main} is that it makes {aspect} somebody's job.",
    "You can postpone {aspect}, but you cannot avoid it; by the end it is part of {main} anyway.",
    "Numbers help: decide which one would change your mind about {main}, and watch only that one.",
    "Paying attention to {other} rewards patience, since the effect takes a while to appear.",
    "{People} who have done this before {often} start from {other} and leave {aspect} for later.",
    "It is tempting to solve {aspect} and {aspect2} together. It is {often} better to solve them in turn.",
    "Most mistakes with {main} are not dramatic; they are {small} and repeated.",
    "One {example} makes this concrete: keep {other} fixed, vary {aspect}, and compare what comes out.",
    "The exception is {aspect2}, where the usual advice about {main} does more harm than good.",
    "Once {aspect} is settled, the rest of {main} becomes a matter of routine.",
    "Nothing here depends on a particular tool, which is why it stays {useful} for so long.",
    "Be explicit about {aspect}: what is obvious to you is {often} news to whoever comes next.",
    "That is also why {other} and {main} are best considered side by side.",
)
LINKS: Final = ("", "", "", "", "Still, ", "Besides, ", "As a result, ", "Even so, ", "For the same reason, ")
CLOSERS: Final = (
    "One thing to remember: start with {other}, keep the first version {small}, and {check} {aspect} {quickly}.",
    "In short, treat {main} as a series of {small} decisions, and make the reversible ones {quickly}.",
    "That should be enough to begin with {main}; the remaining questions are easier once you have a real {example}.",
    "Tell me more about your {example}, and this can be made more specific.",
    "The natural next step is to try it on one {small} {example} and compare the outcome with what you expected.",
)
HEADINGS: Final = (
    "What matters about {main}",
    "Where {other} comes in",
    "How to approach {main}",
    "A closer look at {aspect}",
    "Common mistakes",
    "What to watch for",
    "Putting it together",
    "The role of {aspect}",
    "When {aspect} gets in the way",
)
LIST_INTROS: Final = (
    "A few points carry most of the weight:",
    "These are the things to keep in mind:",
    "In order of importance:",
    "Broken down into parts:",
)
ITEMS: Final = (
    "decide what it means for {main} before you begin.",
    "keep it {small}, and say in one sentence why it is there.",
    "{check} it against {other}, not against intuition.",
    "the first estimate is {often} too optimistic by half.",
    "write it down where others will find it.",
    "if it is hard to explain, it is probably too large.",
    "look for the {example} that would prove you wrong.",
    "revisit it whenever you {change} {other}.",
)
STEPS: Final = (
    "Describe the result you want from {main} in one sentence.",
    "Collect what you already know about {other}.",
    "Choose the {small} version that could work, and nothing more.",
    "Try it once, and note what surprised you.",
    "{Check} {aspect} against what you expected.",
    "{Change} one thing, and repeat until the surprises stop.",
    "Write down what you learned about {aspect2}, so that the next {example} starts further along.",
)
TABLE_HEADS: Final = (("Aspect", "What it gives you", "What it costs"), ("Question", "In favour", "Against"))
GAINS: Final = (
    "a clear starting point",
    "fewer surprises",
    "faster feedback",
    "room to grow",
    "results you can compare",
)
COSTS: Final = ("time up front", "less flexibility", "one more thing to maintain", "some discipline", "a slower start")
THOUGHTS: Final = (
    "The question is about {main}.",
    "What does the person want here? Probably something practical about {main}, not a definition.",
    "Let me separate {main} from {other}; they are easy to mix up.",
    "I should mention {aspect}, since it is {often} overlooked.",
    "An {example} would help. One with {other} would be the most natural.",
    "Is there a catch? {Aspect} may not hold in every {example}, so I should not overstate it.",
    "The order matters: first the main point, then {aspect}, then what to do about it.",
    "How long should this be? Long enough to be {useful}, and no longer.",
    "Let me check the claim about {aspect2} once more. It holds as long as {other} stays as it is.",
    "I could go into {aspect2}, but that would distract from {main}.",
    "Good. I have the structure: the idea, the reasons, and a next step.",
)
VERSES: Final = (
    "Morning finds its way",
    "a slow light over {main}",
    "nothing more to say",
    "the quiet keeps count",
    "of {other} and the rain",
    "one small lamp is lit",
    "and the window turns to blue",
    "somewhere a door waits",
    "we carry {main} home",
    "the road forgets our footsteps",
)
IDENTITY: Final = (
    "I am a simulator: a small program that makes up text, so that you can try things out without a key.",
    "A simulator. The words come from a table and your prompt; no language model is involved.",
)
GREETINGS: Final = (
    "Hello! What would you like to work on?",
    "Hi there. What can I help you with today?",
    "Hello, good to hear from you. What is on your mind?",
)
PREAMBLES: Final = (
    "I'll look that up.",
    "Let me check that for you.",
    "I need a bit more information first, so I'll use a tool.",
)
FINDINGS: Final = (
    "Here is what came back from {tool}: {result}",
    "The result of {tool} is in: {result}",
    "According to {tool}: {result}",
)
FAILURES: Final = ("The call to {tool} failed: {result}", "{tool} reported a problem: {result}")
