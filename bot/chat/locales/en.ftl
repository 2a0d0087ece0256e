# Every text a learner reads, in English. Short, kind, plain; never guilt; a next step on every screen.
# Values in { $braces } are escaped before they come here; the tags are Telegram's HTML.

## Words used on buttons
back = Back
close = Close
cancel = Cancel
drill-now = Ask me one now
settings-button = Settings
sets-button = Question sets
progress-button = Progress
resume-button = Resume

## The bot's own page and menu (set at start)
bot-description =
    I spring your weakest interview question on you when you least expect it, until you can answer it aloud: smoothly, coherently and with a professional tone.
    Tap Start. Three taps later you have your first question.
bot-about = Springs interview questions on you until your tone is right. For administrative professionals.
command-drill = Ask me a question now
command-mock = A whole interview
command-sets = Choose what to practise
command-mine = Questions of your own
command-progress = Badges and what is next
command-settings = Pace, hours, time zone, interview date
command-pause = No surprises for a while
command-undo = Take back the last thing I did
command-takes = My answers: look through, compare, delete
command-coach = Somebody who hears my answers
command-help = How this works
command-cancel = Leave what I was doing
command-export = Everything I have of you, as a file
command-forget = Erase everything

## First run
welcome =
    <b>Hello! I ask interview questions when you don’t expect them.</b>
    You answer aloud, a minute or so, and rate your own tone. Weak ones come back until they are smooth.
    <blockquote expandable>What I keep: your answers, ratings and settings, on this bot’s own server, for you alone. /export hands you everything, /forget erases it, at any time. Recordings also stay in this chat until you delete them.</blockquote>

    <b>Which questions shall we start with?</b>
no-banks = There are no questions here at the moment. Whoever runs this bot has to mend that; please come back and send /start.
set-button = { $title } ({ $count })
all-sets = All my sets
page-back = ‹ Back
page-more = More ›
ask-clock =
    <b>{ $set }</b>, good choice.

    What does your clock show now?
clock-other = Another time
clock-all = Tap the time your clock shows, or type the name of your city.
clock-cities = It is { $time } in these places. Which one is nearest to you?
clock-unknown = I don’t know “{ $text }”. Try the nearest large city, or tap a time above.
enrolled =
    Done. I have you at <b>{ $time }</b> ({ $zone }).
    About { $pace } surprises a day between { $opens } and { $closes }; nothing outside those hours. Here comes your first question.
enrolled-triage =
    Optional, { $count } taps: tell me how you would feel about each question, and the sore ones come sooner.
level-pick = Pick my level
triage-start = Yes, go through them
triage-later = Not now
triage-question =
    { $number } of { $of }. How would you feel if asked now?

    <b>{ $question }</b>
feel-1 = 1 Dread
feel-2 = 2 Uneasy
feel-3 = 3 So-so
feel-4 = 4 Fine
feel-5 = 5 Bring it on
triage-done = Thank you. The sore ones will come sooner.
triage-dismissed = Fine. I’ll find out as we go.
change-zone = My clock shows something else
welcome-back =
    Welcome back. Everything is where you left it.
    { $next }
next-planned = Surprises are on, somewhere in your open hours.
next-paused = Surprises are paused.

## A drill
drill-card =
    🎙 <b>{ $question }</b>

    About { $seconds } seconds. Hold the mic, record a round video, or type.
drill-card-swapped =
    🎙 <b>{ $question }</b>

    About { $seconds } seconds. This one took the other’s place.
drill-hint =
    Outline (tap to see): <tg-spoiler>{ $outline }</tg-spoiler>
drill-hint-tone =
    Tone (tap to see): <tg-spoiler>{ $remedy }</tg-spoiler>
hint = Hint
swap = Swap
not-now = Not now
in-an-hour = In 1 hour
tonight = Tonight
skip = Skip it
drill-still-open = This one is still open:
drill-snoozed = Put off. I’ll ask again { $when }.
snoozed-until = at { $time }
snoozed-hours = at a moment in your open hours
drill-skipped = Skipped. It will come round again another day.
drill-expired =
    🎙 <b>{ $question }</b>

    No answer this time; no harm done. Reply to this message if you still want to answer.
eased = Two went by, so I’ll come half as often. Answer one and I’m back to your own pace.
paused-ignored = Three went by, so I’ve stopped for now. Shall I go on?
keep-paused = Stay paused
no-questions = There are no questions in this set at the moment. Choose another one?
swap-none = There is no other question in this set.
swap-once = One swap a question, and this one is used.

## Answers
rate-ask =
    Got it{ $length }. <b>How did your tone sound?</b>
    1 Bitter: someone is blamed or mocked
    2 Edgy: a sigh, a rush, an excuse slips out
    3 Flat: nothing wrong, nothing concrete
    4 Professional: answers first, one fact, steady to the end
    5 Smooth: a 4 that ends on what comes next
    <i>Torn between two? Take the lower. Listening back helps.</i>
rate-late =
    Got it{ $length }, a little late, and kept all the same. <b>How did your tone sound?</b>
    1 Bitter · 2 Edgy · 3 Flat · 4 Professional · 5 Smooth
too-large = That recording is over 20 MB, more than Telegram lets me fetch. It stays in this chat and counts as your answer.
second-take = Two answers within a minute. Both are kept; which one counts?
take-first = The first
take-second = The second
take-counts = That one counts. Rate it above.
extra-take = Kept with “{ $question }”, beside the answer that counts.
revised = Kept your new wording beside the first one.
tone-1 = 1 Bitter
tone-2 = 2 Edgy
tone-3 = 3 Flat
tone-4 = 4 Professional
tone-5 = 5 Smooth

## After the rating
rated =
    { $tone } · { $takes ->
        [one] your first take of this question
       *[other] take { $takes } of this question
    }
points-left =
    { $points } of 6 points to the badge{ $days ->
        [0] .
        [one] , one more day can do it.
       *[other] , { $days } more good days can do it.
    }
points-surprise = At least one has to be sprung on you.
points-day-used = Today has counted already; the next step is another day.
points-listen = One thing left: listen to yourself tomorrow, and find it a 4 or 5 once more. I’ll play it to you.
points-wiped = The run starts anew. That is how it gets steady.
badge-kept = The badge stays; one wobble is forgiven.
badge-lost = The badge comes off for now. Two 5s, or three 4-or-5s, bring it back.
badge-held = You hold the badge for this one. A spot check now and then keeps it fresh.
trap = <b>Trap:</b> { $slip } → { $remedy }
tip-sound = <b>Aim for:</b> { $tip }
tip-say = <b>Put in:</b> { $tip }
why-asked = <blockquote expandable>Why they ask: { $why }</blockquote>
again = Say it again
first-take = Hear my first take
undo = Undo
badge-earned =
    🏆 <b>Badge earned: “{ $question }”</b>
    Then: { $then }. Now: { $now }. It rests from here; a spot check will come some day.
then-take = This was your first take.
quoted = “{ $text }”
first-text = Your first answer to this one, { $date }: “{ $text }”
undone = Taken back. How did your tone sound?
nothing-to-undo = There is no rating to take back.

## Taking back the last thing
undone-rating =
    Taken back. It was the rating of “{ $question }”.
    How did your tone sound?
undone-skip = Taken back: you had skipped this one. It is open again, until { $time }.
undone-set = Taken back: you practise “{ $set }” again.
undone-deletion = Taken back: your take of “{ $question }” is here again.
undone-removal = Taken back: “{ $question }” is one of your questions again.
nothing-done = There is nothing to take back. Ratings, skips, a switch of sets and what you deleted can be, within a day.
over-1 = The last thing was a question you skipped, and its time is over. It will come round again.
over-2 = The last thing was a switch of sets, and the set from before is not here any more. You can choose another.
over-3 = The last thing was a take you deleted, and it is erased by now. Its rating stays.
over-4 = The last thing was a question you removed, and there is no room to bring it back. Remove another one first.

## Takes
takes-button = My takes
takes-none =
    <b>My takes</b>
    None yet. Every answer you give is kept here, with its question, its day and your rating.
takes-title = <b>My takes</b>, by question, the latest first. Tap a number.
takes-question =
    { $number }. { $question }
    <i>{ $takes ->
        [one] one take: { $last }
       *[other] { $takes } takes: { $first } → { $last }
    }</i>
takes-line =
    { $number }. { $star }{ $date } · { $tone }
    <i>{ $question }</i>
takes-one = { $number }. { $star }{ $date } · { $tone } · { $kind }
takes-hit =
    { $number }. { $date } · { $tone }
    <i>{ $text }</i>
takes-of =
    <b>“{ $question }”</b>
    { $takes ->
        [one] One take.
       *[other] { $takes } takes, oldest first.
    } Tap a number to hear it, keep it for ever or delete it.
takes-all-deleted = You deleted your takes of this question. Their ratings stay. /undo brings back what you deleted within a day.
takes-newer = ‹ Newer
takes-older = Older ›
takes-tones = By tone
takes-dates = By date
takes-seek = Search
takes-by-date = <b>My takes</b>, the latest first. Tap a number.
takes-which-tone = <b>My takes</b>, by how you rated them. Which ones?
takes-by-tone = <b>My takes: { $tone }</b>, the latest first. Tap a number.
takes-type = What shall I look for? Type a word or two. I look through typed answers; recordings have no words to search.
takes-too-long = To search, type a word or two: { $most } characters at most.
takes-found = <b>“{ $words }”</b> in what you typed, the latest first. Tap a number.
takes-not-found = No typed answer has “{ $words }” in it. Recordings can’t be searched; look by question, tone or date.
takes-then = First and latest
takes-all = All takes
unrated = Not rated
kind-1 = text
kind-2 = voice
kind-3 = round video
kind-4 = audio
kind-5 = video
mode-1 = sprung on you
mode-2 = sprung on you, answered late
mode-3 = you asked for it
mode-4 = in a mock interview
take-card =
    <b>“{ $question }”</b>
    { $when } · { $kind } · { $mode }
    Your rating: { $tone }
take-starred = ★ Kept for ever.
take-let-go = Its recording is not kept here any more. If you have not deleted your message, it is still in this chat.
take-play = Hear it
take-find = Show it
take-see = See it
take-star = ★ Keep for ever
take-unstar = Don’t keep for ever
take-delete = Delete
take-told = Your take of { $date } · { $tone }
take-delete-ask =
    <b>{ $star }Delete your take of { $date }?</b>
    “{ $question }”
    For a day you can bring it back; then what I have of it is erased. Its rating stays. Your own message in this chat is yours to delete.
take-delete-yes = Yes, delete it
take-delete-no = Keep it
take-gone =
    <b>“{ $question }”</b>
    { $told }
    Your rating stays: { $tone }
take-can-come-back = This take is deleted. You can bring it back until { $until }; then it is erased.
take-erased = This take was deleted for good.
take-deleted = This take was deleted.
take-back = Bring it back
take-erase = Erase now
take-is-back = It is here again.
take-not-back = It is deleted for good, and can’t come back.
first-deleted = You deleted your first take of this question. These are left:
then-first = <b>Then</b>, { $date } · { $tone }
then-latest = <b>Now</b>, { $date } · { $tone }
then-one =
    { $takes ->
        [0] You deleted your takes of this question. Say it again, and there is one.
       *[other] There is one take of this question so far. Say it again, and there are two to compare.
    }
saved = Saved

## Listening again
listen-button = Listen again
listen-yesterday =
    <b>This is you, yesterday. How does it sound now?</b>
    “{ $question }”
listen-earlier =
    <b>This is you, { $date }. How does it sound now?</b>
    “{ $question }”
listen-not-now = Fine. It can wait for another day.
listen-none = Nothing to listen to yet: answer aloud, and I’ll play it to you the day after.
listen-then-now = Then: { $then }. Now: { $now }.
listen-same = You heard it right the first time.
listen-better = It was better than you thought.
listen-still = Ears a day older hear more, and it still stands.
listen-stricter = Ears a day older hear more. Nothing is taken away.
listen-another = The badge waits for one that is still a 4 or 5 a day later. I’ll play you another one soon.
listen-undone = Taken back. How does it sound now?
tone-name-1 = Bitter
tone-name-2 = Edgy
tone-name-3 = Flat
tone-name-4 = Professional
tone-name-5 = Smooth
calibration =
    Your ears: you then { $then }, you later { $later } ({ $takes } takes).
calibration-coach =
    Ears: you then { $then }, you later { $later }, your coach { $coach } ({ $takes } takes).

## Sets and progress
sets-title = <b>What shall we practise?</b> Progress is kept in every set.
set-line = { $mark } { $title }: { $badges } of { $questions } badges
set-emptied = “{ $set }” has no questions at the moment, so no surprise comes. What you answered and earned is kept. Choose another one?
set-switched = Now practising: { $set }
progress-title = <b>{ $set }</b>: { $badges } of { $questions } badges
progress-badge = 🏆 { $question }
progress-line = { $points } of 6 · { $question }
progress-next =
    Next badge: “{ $question }” takes { $days ->
        [one] one more good day
       *[other] { $days } more good days
    }{ $surprise ->
        [yes] , at least one of them sprung on you
       *[no] {""}
    }.
progress-next-listen =
    Next badge: “{ $question }” takes one more thing: listen to yourself again, a day later, and find it a 4 or 5.
progress-new =
    Next: { $count ->
        [one] one question you have not rated yet.
       *[other] { $count } questions you have not rated yet.
    }
progress-forecast =
    At { $pace } a day, about { $days } more { $slow ->
        [one] day brings
       *[other] days bring
    } { $badges } of { $questions } badges.
progress-all = Next: a spot check now and then. Every badge here is yours.
progress-more = … and { $count } more
picture-takes = How each take sounded
picture-sprung = sprung
picture-late = late
picture-asked = asked for
picture-mock = interview
picture-badge = Badge
picture-points = { $points } of { $needed }
picture-calendar = Answers, day by day
picture-less = none
picture-more = many
picture-levels = The same takes, rated by
picture-at-once = You, at once
picture-later = You, a day later
picture-coach = Your coach
picture-badges = { $badges } of { $questions } badges
picture-weeks = { $weeks ->
        [one] 1 week
       *[other] { $weeks } weeks
    } running
picture-answers = { $answers ->
        [one] 1 answer
       *[other] { $answers } answers
    } on { $days ->
        [one] 1 day
       *[other] { $days } days
    }
picture-cold-title = Answered cold
picture-cold = { $cold } of { $surprises } surprises answered in time
picture-time-title = Time to answer
picture-time = Usually { $time } after the question
picture-seconds = { $count } s
picture-dark = Dark
picture-light = Light
picture-coming = From now on. Here it comes …

## A whole interview
mock-title =
    <b>A whole interview</b>
    { $count } questions, about { $minutes } minutes, no hints. Nothing else comes in between, and you rate your answers at the end.
mock-pressing = <b>With pressure:</b> I press for more, and the hardest question comes back twice.
mock-puts-off = The question that is open now waits until it is over.
mock-pressure-on = Pressure: on
mock-pressure-off = Pressure: off
mock-start = Start
mock-begins = The interview begins: { $count } questions. Take your time; say each answer aloud.
mock-question =
    { $number }/{ $of }

    🎙 <b>{ $question }</b>
mock-end = End
mock-resume = Resume
mock-where = We were at { $number } of { $of }. Shall we go on?
mock-running = An interview is running already.
mock-goes-on = We go on.
mock-keeps-set = The interview goes on as it began.
mock-missing =
    { $count ->
        [one] One question was
       *[other] { $count } questions were
    } taken out of the set meanwhile. We go on without.
mock-beside = Kept with “{ $question }”. I’m listening to the question above.
mock-late = Kept: that is your answer to “{ $question }”. I’m listening to the question above.
mock-take-counts = That one counts.
mock-lapsed = A day went by, so the interview ended by itself. All that you answered is kept.
mock-empty = The interview is over. Nothing was answered this time; no harm done.
mock-ended = <b>That was the interview.</b> { $answered } of { $put } answered, in { $time }.
mock-summary = <b>Your interview:</b> { $answered } of { $put } answered, in { $time }.
mock-figures = { $answered } of { $put } answered, in { $time }
mock-picture = Your interview
mock-first = First answer after { $time }.
mock-rate =
    <b>Rate { $number } of { $of }</b> · { $question }
    How did your tone sound?
mock-play = Play
mock-later = Later
mock-heard = “{ $question }”
mock-rate-rest = Rate the rest
mock-rate-last = Rate the last one
mock-line =
    { $number }. { $question }
    <i>{ $said }</i>
mock-left-out = left out
mock-unrated = not rated yet
mock-spoken = { $time } spoken
mock-next = <b>To drill next:</b> { $question }
mock-drill = Drill that one
mock-another = New interview

## Own questions
own-set = My questions
own-button = My questions
own-manage = Add or change my own
own-title = <b>My questions</b> ({ $count })
own-none =
    <b>My questions</b>
    Keep here what you were really asked, or dread to be asked. Yours alone, and sprung on you like any other.

    Add one here. Or at any time: type “They asked me: …”, or forward me a message with the question in it.
own-how = <i>Tap one to change or remove it. “They asked me: …” adds one at any time.</i>
own-line = { $number }. { $question }
own-line-draft = { $number }. { $question } <i>(not kept yet)</i>
own-earlier = ‹ Earlier
own-later = Later ›
own-add = Add one
own-only = Only these
own-type = Type the question as you heard it, in one line.
own-retype =
    Type the new words. Now it says (tap to copy):
    <code>{ $question }</code>
own-draft =
    <b>“{ $question }”</b>
    Shall I keep it with your questions? Nobody else sees it.
own-draft-open = <i>If it was your answer, send it once more as a reply to the question that is open.</i>
own-keep = Keep
own-words = Change the words
own-drop = Throw away
own-dropped = Thrown away.
own-gone = That question is not there any more.
own-known = You have this one already:
own-kept =
    Kept: <b>“{ $question }”</b>
    If you like, one tap: which tone slips in when you answer it? I’ll remind you of the way out.
own-tone-ask =
    <b>“{ $question }”</b>
    Which tone slips in when you answer it? I’ll remind you of the way out.
own-no-slip = I don’t know yet
own-slip-unknown = not known yet
own-card =
    <b>“{ $question }”</b>
    Tone that slips: { $slip }
own-where = <i>It comes up when you practise “My questions” or “All my sets”. Switch with one tap:</i>
own-ask = Ask me this one now
own-tone = Tone that slips
own-remove = Remove
own-removed = Removed: “{ $question }”. I won’t ask it again; your answers to it stay.
own-short = That is { $count } characters, and a question has { $least } at least. Type the whole question, please.
own-long = That is { $count } characters, and a question has { $most } at most. Send me the question alone, please.
own-lines = That has several lines. Send me one question at a time, in one line.
own-full = You have { $all } questions, all that I can keep. Remove one you don’t need any more, then send it again.
slip-bitter = Bitter
slip-condescending = Superior
slip-gossip = Gossip
slip-servile = Servile
slip-defensive = Defensive
slip-impatient = Impatient
slip-sarcastic = Sarcastic
slip-flippant = Flippant
slip-nonchalant = Offhand
slip-over-apologetic = Too sorry
slip-vague = Vague
slip-flat = Flat
remedy-bitter = Say one fact, then what you did; leave the other person be.
remedy-condescending = Speak as to a colleague: the outcome first, the detail if they ask.
remedy-gossip = No names and no secrets: the role, and what changed.
remedy-servile = Say what you can do and by when: an offer, not a plea.
remedy-defensive = Begin with the answer itself; the reason follows in one sentence.
remedy-impatient = Breathe out, then one full sentence, slower than feels right.
remedy-sarcastic = Use the plain word for what you mean, and end on a fact.
remedy-flippant = Answer first; a light word may follow, never lead.
remedy-nonchalant = Say why it mattered, and to whom.
remedy-over-apologetic = One “sorry” at most, then what you changed.
remedy-vague = “I”, not “we”: one thing you did, with one figure.
remedy-flat = One concrete detail, and let your voice rest on it.

## Sharing own questions
share-button = Share a copy
share-title =
    <b>Share a copy</b>
    A link brings copies of your { $count ->
        [one] question
       *[other] { $count } questions
    } to one person, once, within a week: the words and the tones that slip. No answers, no ratings, and not who you are, unless you say so.
share-line = { $number }. Open until { $until }
share-line-from = { $number }. From “{ $sender }”, open until { $until }
share-new = Make a link
share-from = Make one that says from whom
share-from-type = What shall they read as the sender? Type it: { $most } characters at most. It is kept with the link only.
share-from-bad = A sender is one line of { $most } characters at most. Type it once more, please.
share-revoke = Take back number { $number }
share-withdraw = Take the link back
share-made =
    Tap to copy, and send it to one person. It opens once, until { $until }:
    { $link }
share-most = { $most } of your links are open, as many as can be. Take one back first.
share-nothing = There is nothing to share yet. Keep a question of your own first.
share-revoked = Taken back. That link opens nothing any more.
share-revoked-late = It had been used before; that copy is theirs. It opens nothing any more.
share-offer =
    <b>Somebody shares { $count ->
        [one] an interview question
       *[other] { $count } interview questions
    } with you:</b>
share-offer-from =
    <b>“{ $sender }” shares { $count ->
        [one] an interview question
       *[other] { $count } interview questions
    } with you:</b>
share-sample = • { $question }
share-terms = You get a copy, to practise, change or remove as you like. They see nothing of yours.
share-take = Take the copy
share-no = No, thank you
share-taken =
    { $count ->
        [one] One new question is yours
       *[other] { $count } new questions are yours
    } now, under /mine.
share-known = You have all of these already. The link stays good for somebody else.
share-full = With these you would have more than { $most } questions of your own. Remove some, then open the link again; it stays good.
share-own = This is your own link. Send it to somebody: it opens once.
share-used = This link was used already; each opens once. Ask for a new one.
share-withdrawn = This link was taken back by whoever made it. Ask them for a new one.
share-late = This link was good for a week, and that is over. Ask for a new one.
share-empty = There is nothing behind this link any more. Ask whoever sent it.
share-unknown = This link opens nothing. Perhaps a part of it is missing: copy it whole, or ask for a new one.
share-invite-needed = Somebody shares questions with you, but this bot is by invitation. Ask its owner for one, then open this link again: it stays good. Nothing of you was stored.
start-button = Start

## A coach
coach-button = Coach
coach-none =
    <b>A coach</b>
    Somebody you trust hears your answers one at a time and says how they sound. Or springs a question on you.

    You send them a link. Nothing is shared before you have seen who accepted, and said yes. You can stop it at any time.
coach-title = <b>Your coaches</b>
coach-coached = <b>You coach:</b>
coach-line-open = { $number }. A link that is open until { $until }
coach-line-waits = { $number }. { $name } accepted and waits for your yes
coach-line = { $number }. { $name } may have: { $given }
coach-link-number = Link { $number }
coach-invite = Invite a coach
coach-name-ask =
    What shall they read as your name? Tap one, or type another, { $most } characters at most. It is kept with this invitation only.
as-name = As { $name }
without-name = Without a name
coach-most = You have { $most } coaches or open links, as many as can be. Stop one first.
coach-made =
    Send this to your coach. It opens once, until { $until }. Nothing is shared until you have said yes to who accepted.
    { $link }
link-copy = Copy the link
link-share = Share it
link-revoke = Take it back
coach-link-open = A link to a coach, open until { $until }. I showed it only once; if you need another one, take this back and make a new one.
coach-link-ended = Taken back. That link opens nothing any more.
coach-accepted =
    <b>{ $name }</b> accepted your invitation to coach you. Is that who you sent the link to? Nothing is shared yet.
coach-yes = Yes, { $name } may
no = No
coach-what =
    What may { $name } have?
    <b>Takes</b>: your answers and their questions, old and new, one at a time; they cannot be passed on from here.
    <b>Ratings</b>: how you rated yourself, but not of a take that they can still rate.
    With either they may spring questions on you, inside your hours, and see which set you practise.
give-1 = Takes
give-2 = Ratings
give-3 = Both
given-1 = takes
given-2 = ratings
given-3 = takes and ratings
coach-nothing = Nothing, end it
coach-card =
    <b>{ $name }</b> coaches you and may have: { $given }.
coach-change = Change
coach-stop = Stop it now
coach-agreed = Done: { $name } may have { $given }. You can stop it here or under /coach, at any moment.
coach-ended = Ended. Nothing of yours can be heard or asked by them any more, with old buttons neither.
coach-over = That is over already. /coach shows how it stands.
coach-gone = { $name } does not coach you any more. Nothing of yours can be heard by them now.
coach-somebody = Somebody
coach-heard = { $name } heard <b>{ $tone }</b>. You rated <b>{ $own }</b>.
coach-heard-alone = { $name } heard <b>{ $tone }</b>. You have not rated this one.
coach-same = Two ears agree. That is what an interviewer would hear.
coach-kinder = It sounds better than it feels from inside. Trust that, and do it again.
coach-harder = From outside it sounds different than from inside. Listen once more with their ear, then say it again.
coach-listen = Hear this take
coach-line-said = { $name }, about this take: “{ $line }”
coach-note-said = { $name }, about this take
coach-note-unplayed = { $name } recorded a word about this take, but Telegram would not play it here. Ask them to type it.
coach-take-gone = That take is gone.
coach-offer = <b>Somebody asks you to be their coach</b> for job interviews.
coach-offer-from = <b>“{ $name }” asks you to be their coach</b> for job interviews.
coach-offer-terms =
    You hear answers of theirs, one at a time, and tap how each one sounds. You can add a word, or spring a question on them.
    If you accept, they see your first name and have to say yes first. What you hear is for you alone. Good until { $until }.
coach-accept = Accept
coach-decline = Decline
coach-declined = Declined. Nothing was stored, and they are not told.
coach-waits = Thank you. { $name } is asked now whether it is you they meant. I’ll write to you then.
coach-own = This is your own link. Send it to the one who shall coach you: it opens once.
coach-used = This link was used already; each opens once. Ask for a new one.
coach-mine = You have accepted this one already. /coach shows whom you coach.
coach-late = This link was good for two days, and that is over. Ask for a new one.
coach-already = You coach whoever made this link already. It stays good for somebody else.
coach-invite-needed = Somebody asks you to coach them, but this bot is by invitation. Ask its owner for one, then open this link again: it stays good for two days. Nothing of you was stored.

## Being a coach
pupil-nameless = Learner { $number }
pupil-somebody = Somebody you coached
pupil-title = <b>You coach:</b>
practise-too = Practise myself
pupil-agreed =
    <b>{ $name }</b> said yes. You may have: { $given }.
pupil-card =
    <b>{ $name }</b>. You may have: { $given }.
pupil-count =
    { $count ->
        [0] You have rated every take there is.
        [one] One take waits for your ear.
       *[other] { $count } takes wait for your ear.
    }
pupil-hear = Hear a take
pupil-other = Another take
pupil-ratings = Their ratings
pupil-spring = Spring a question
pupil-stop = Stop coaching
pupil-waiting = They have not said yes yet. I’ll write to you when they do.
pupil-over = That coaching is over. Nothing more of theirs can be heard or asked.
pupil-not-given = They don’t share that with you now.
pupil-too-fast = That were twenty things in an hour, as much as goes. Please come back a little later; nothing is lost.
pupil-take-gone = That take is gone: they deleted it.
pupil-done = You have done that already.
pupil-rate-first = Tap one of the five first, please.
pupil-take = <b>{ $name }</b>, take { $number } of “{ $question }”
pupil-question-gone = a question that is not asked any more
pupil-question-own = a question of their own
pupil-rate-ask =
    <b>How does the tone sound to you?</b>
    1 blames or mocks · 2 an edge slips out · 3 flat · 4 answers, one fact, steady · 5 that, and a look ahead
pupil-unplayed = Telegram would not play this take of { $name } here: it may be gone, or you accept no voice messages. Another one?
pupil-no-more = No more takes of { $name } wait for your ear.
pupil-rated = You heard <b>{ $tone }</b>. { $name } sees it beside their own rating.
pupil-note = Add a word
pupil-ratings-title = <b>{ $name }</b>, latest ratings of their own:
pupil-ratings-none = <b>{ $name }</b>: no ratings to show yet.
pupil-ratings-line = { $tone } · { $question }
pupil-ratings-blind = <i>Only of takes that you have rated: yours is another ear.</i>
pupil-stopped = You don’t coach { $name } any more. They are told that it is over.
pupil-parted = The coaching is over: { $name }. Nothing more of theirs can be heard or asked.
note-ask = For <b>{ $name }</b>: record up to { $seconds } seconds, or type one line of { $most } characters at most. It goes to them at once.
note-own-open = <i>Your own question stays open; to answer it, reply to its card.</i>
note-none = No word after all
note-left = Left it at that.
note-bad = That does not fit.
note-sent = Sent to { $name }.
wish-choose = <b>Which question for { $name }?</b>
wish-choose-none = <b>Which question for { $name }?</b> What they practise is their own, so put one in your own words.
wish-words = In my own words
wish-line = { $number }. { $question }
wish-gone = That one is not asked any more. Pick another one.
wish-when =
    <b>“{ $question }”</b>
    When for { $name }? It comes inside their hours, and takes the place of a surprise.
wish-words-when = A question in your own words for { $name }: when?
when-now = Now
when-week = Some time this week
wish-type = Type the question for { $name } in one line, { $most } characters at most. It goes to them alone, marked as yours.
wish-asked = Sprung: “{ $question }”
wish-waits = { $name } cannot be asked just now. “{ $question }” comes at the next moment when they can.
wish-week = “{ $question }” comes as a surprise within the next seven days. Nobody knows when, you neither.
wish-full = { $most } of your questions wait for { $name } already. Let them come first.
wish-away = { $name } cannot be asked at present. Try again another day.
circle-button = Circles
circle-none =
    <b>Practice circles</b>
    Whoever joins by its link sees how many answers each member gave this week, under a name they typed themselves. No words, no ratings, nothing else; not for you either.
circle-title = <b>Practice circles</b>
circle-new = New circle
circle-title-type = What shall the circle be called? Type it, { $most } characters at most. Whoever opens its link reads that.
circle-bad = That is one line of { $most } characters at most. Type it once more, please.
circle-full = { $most } circles are as many as can be. Close one first.
circle-made =
    <b>{ $title }</b>. This link brings in whoever opens it, as often as you like, until you take it back:
    { $link }
circle-own =
    <b>{ $title }</b>: { $count ->
        [0] nobody has joined yet.
        [one] one member.
       *[other] { $count } members.
    } { $linked ->
        [yes] Its link is open; I show a link only once, a new one takes its place.
       *[no] It has no link now.
    }
circle-link = New link
circle-unlink = Take the link back
circle-close = Close the circle
circle-unlinked = Taken back. Members stay; nobody else can join by that link.
circle-closed = <b>{ $title }</b> is closed. Who was in it is forgotten, and told.
circle-over = The circle “{ $title }” was closed. Your answers are yours as before; nobody sees their number any more.
circle-offer =
    <b>“{ $title }”</b>, a practice circle. Its members see how many answers each gave this week, under a name that they type. Nothing else: no words, no ratings. You leave with one tap.
circle-join = Join
circle-practise = First choose what to practise, then open the link again: it stays good.
circle-name-type = Under which name shall the others see your number? Type it, { $most } characters at most.
circle-gone = This link opens nothing any more. Ask whoever sent it.
circle-crowded = This circle has { $most } members, as many as can be.
circle-board = <b>{ $title }</b>, the last seven days
circle-line = { $name }: { $count ->
        [one] one answer
       *[other] { $count } answers
    }
circle-you = { $line } (you)
circle-leave = Leave the circle
circle-left = You have left “{ $title }”. Your name and number are gone from it.
ask-a-friend = Ask a friend
ear-ask =
    A link lets one friend hear this one answer, once, within two days. They tap how it sounds and may add a line; nothing about them is kept. What shall they read as your name?
ear-most = { $most } of your links to a friend are open, as many as can be. They end by themselves after two days.
ear-made =
    Send this to one friend. It opens once, until { $until }:
    { $link }
ear-ended-late = It had been opened before. Nothing more can be said by it now.
ear-own = This is your own link. Send it to a friend: it opens once.
ear-used = This link was opened already; each opens once. Ask for a new one.
ear-long = One line of { $most } characters at most, please, after you have tapped one of the five. Reply with it once more.
ear-offer =
    <b>Somebody who practises for interviews asks for your ear:</b> one answer to “{ $question }”, once. You tap how it sounds, that is all. Nothing about you is kept.
ear-offer-from =
    <b>“{ $name }” practises for interviews and asks for your ear:</b> one answer to “{ $question }”, once. You tap how it sounds, that is all. Nothing about you is kept.
ear-hear = Listen
ear-take =
    An answer to “{ $question }”. <b>How does the tone sound?</b>
    1 blames or mocks · 2 an edge slips out · 3 flat · 4 answers, one fact, steady · 5 that, and a look ahead
ear-unplayed = Telegram would not play it here: it may be gone, or you accept no voice messages. Tell whoever sent you the link.
ear-rated = You heard <b>{ $tone }</b>; they are told. If you like, reply to this message with one line of { $most } characters at most.
ear-done = Done
ear-thanks = Thank you, that was all. Nothing about you is kept.
ear-invite-needed = Somebody asks for your ear, but this bot is by invitation. Ask its owner for one, then open this link again: it stays good for two days. Nothing of you was stored.
ear-heard = Your friend heard <b>{ $tone }</b>. You rated <b>{ $own }</b>.
ear-heard-alone = Your friend heard <b>{ $tone }</b>. You have not rated this one.
ear-line-said = Your friend, about this take: “{ $line }”
drill-wished = <i>From your coach:</i>
own-from-coach = <i>In the words of your coach.</i>
own-line-coach = { $number }. { $question } <i>(from your coach)</i>

## Settings
settings-title =
    <b>Settings</b>
    Pace: about { $pace } a day, { $cap } at most
    Hours: { $hours }
    Clock: { $time } ({ $zone })
    Interview: { $interview }
    A question stays open for { $expiry } minutes
    Level: { $level }
    Weekly summary: { $digest }
    Surprises: { $state }
state-on = on
state-eased = on, at half pace
state-paused = paused
state-paused-until = paused until { $time }
interview-none = no date yet
hours-every-day = { $opens }–{ $closes } every day
hours-closed = closed
hours-mixed = different by day
set-pace = Pace
set-cap = At most
set-hours = Hours
set-zone = Time zone
set-interview = Interview
set-expiry = Stays open
set-data = My data
set-level = Level
set-digest = Weekly summary
pace-title = About how many surprises a day? Moments stay random.
cap-title = How many a day at the most?
level-title = What comes nearest to the job you want? I leave out what is not asked there. Badges and answers stay.
level-1 = 1 I do set tasks
level-2 = 2 I run a routine
level-3 = 3 I own an area
level-4 = 4 I lead across teams
level-5 = 5 I act for the executive
level-0 = All levels
level-none = { $level } (this set has none: all its questions are asked)
expiry-title = How long should a question stay open?
minutes = { $count } min
hours-title =
    <b>When may I come?</b> Tap a day to change it.
hours-day =
    <b>{ $day }</b>: { $hours }
every-day = Every day
opens-earlier = Opens −1 h
opens-later = Opens +1 h
closes-earlier = Closes −1 h
closes-later = Closes +1 h
closed-day = Closed
open-day = Open
zone-title =
    I have you at <b>{ $time }</b> ({ $zone }).
    Your phone says { $phone }. If the two differ, the zone is wrong.
interview-title =
    When is the interview? In the last week I come more often; on the day itself I leave you alone.
    Tap a day, or type a date like 2027-01-15.
interview-clear = No interview
interview-set = Good luck in advance: { $date }.
interview-bad = I read “{ $text }” as no date from today on. Try 2027-01-15.
data-title =
    <b>My data</b>
    { $space }
    Export sends you everything: answers, ratings, settings, recordings. Erase deletes all of it here, for good.
media-button = How long to keep
media-space =
    { $count ->
        [0] No recordings are kept here.
        [one] One recording is kept here: { $size }.
       *[other] { $count } recordings are kept here: { $size }.
    }
size-kb = { $size } kB
size-mb = { $size } MB
media-title =
    <b>How long shall recordings stay?</b>
    Your first, your best and your latest take of each question stay, and whatever you ★ keep for ever. Others that are older go within a day, for good; words and ratings stay.
    { $space }
days-30 = 30 days
days-90 = 90 days
days-365 = 1 year
days-0 = For ever
export-button = Export everything
forget-button = Erase everything
weekday-0 = Monday
weekday-1 = Tuesday
weekday-2 = Wednesday
weekday-3 = Thursday
weekday-4 = Friday
weekday-5 = Saturday
weekday-6 = Sunday
short-0 = Mon
short-1 = Tue
short-2 = Wed
short-3 = Thu
short-4 = Fri
short-5 = Sat
short-6 = Sun

## Weekly summary
digest-offer =
    Shall I send you a weekly summary? A few figures and a picture, without a sound. You can change or end it at any time.
digest-no = No, thank you
digest-declined = Fine, none then. /settings has it, should you ever want it.
digest-title =
    <b>Weekly summary</b>: { $when }
    A few figures and a picture, once a week, without a sound. None comes while you pause.
digest-when = { $weekday }s { $hour }:00
digest-never = none
digest-earlier = 1 h earlier
digest-later = 1 h later
digest-off = No more of these
digest-off-said = No more summaries. /settings brings them back.
digest-change = Another time
digest-quiet =
    <b>Your week</b>: a quiet one.
    Nothing is lost: all is where you left it, whenever you like.
digest-answers =
    <b>Your week</b>: { $answers ->
        [one] 1 answer
       *[other] { $answers } answers
    } on { $days ->
        [one] 1 day
       *[other] { $days } days
    }
digest-tone = Mean tone { $tone } of 5
digest-tone-before = Mean tone { $tone } of 5, the week before { $before }
digest-badges = { $badges ->
        [one] One new badge
       *[other] { $badges } new badges
    }

## Pause
pause-title = No surprises for how long? You can still ask for a question yourself.
pause-today = Today
pause-days = 3 days
pause-open = Until I resume
paused-until = Paused until { $time }.
paused-open = Paused until you resume.
resumed = Surprises are on again.

## My data
export-sent = Here is everything I have of you.
export-readme =
    Everything this bot keeps of you.

    sprung.json, by kind:
    - learner: your settings and where you are: set, level, time zone, pace, pauses, interview day, the next planned moment.
    - open_hours: when questions may come, in minutes of the day; weekday 0 is Monday. Empty: 9 to 20.
    - standing: what the bot thinks of each question for you: strength, points, badge.
    - listen: answers that were played to you again, and how you rated them then.
    - drill: every question you were asked, in its words; take: every answer you gave, with what you starred or deleted; rating: how you rated it, withdrawn ones too.
    - deed: what you did in the last day that /undo takes back, apart from ratings.
    - upload: question sets that you sent as an owner. One that went live belongs to this bot and stays.
    - own_question: the questions you added, drafts and removed ones too.
    - coaching: the links you made to invite a coach, and what each may have.
    - coach_rating: how coaches heard your takes, and what they added.
    - wish: questions that coaches want sprung on you.
    - ear: the links to one take for a friend, and how they heard it.
    - circle: the practice circles you made as an owner.
    - circle_member: the circles you joined, under which name.
    - share: the links you made to share them; their secret part is kept as a hash, who used one is not kept.
    - mock: your interviews under /mock: what was asked, in which order, and how long answers took.
    - picture: pictures that are still to be drawn; looks: their colours, and when a weekly summary comes.
    - errand: what is still to be done for you at some moment, other than a question.
    - inbox: messages of yours that could not be handled and were set aside, as they came from Telegram.
    Moments are milliseconds since 1970 UTC; days count from 1 January of the year 1.

    media/ holds your recordings, named after the take. Large exports come in parts; only the first has this text and sprung.json.

    Not in here, and why:
    - Recordings over 20 MB or longer gone from Telegram: the bot never had them. They may still be in your chat.
    - The bot's own messages on their way to you (the "outbox"): they arrive in this chat anyway. Their text is dropped as soon as they are sent, the rest after two days.
    - Messages of yours that were handled: what matters of them is in the tables above, and their text is dropped at once.
    - Invitations: they are kept as hashes, without your name or number.
    - Numbers of other people: of your coaches, or of those whom you coach. What a coach said of a learner's take is the learner's, and goes when either of you is erased.
    - Logs: they hold no words, names or numbers of yours.
export-working = Packing it up …
forget-ask =
    This deletes your { $takes ->
        [0] answers
        [one] one answer
       *[other] { $takes } answers
    }, ratings, progress and settings here, for good. Messages in this chat stay until you delete them.
forget-export = Export first
forget-yes = Erase everything
forget-keep = Keep it all
forgotten = Everything is erased. If you ever want to practise again, I’m here.
start-again = Start again
kept = Nothing was deleted.

## Help and odds and ends
help =
    <b>How this works</b>
    I spring one question on you at a random moment in your open hours. Answer by voice, round video or text, then rate your tone from 1 to 5 with one tap.
    <blockquote expandable><b>Which question?</b> One of your six weakest, at random.
    <b>When?</b> Any moment in your open hours; nobody can guess it, me included.
    <b>The badge</b>: two 5s, or three 4-or-5s, in a row on different days, at least one sprung on you. Spoken, one of them has to be a 4 or 5 again when I play it to you a day later.
    <b>Late?</b> Reply to the question’s message; it still counts, a little less.
    <b>Typed numbers</b> 1 to 5 rate your latest answer, too.
    <b>A whole interview</b>: /mock asks 3, 5 or 8 in a row; you rate them at the end.
    <b>Your own questions</b>: /mine, or type “They asked me: …”, or forward one here.
    /drill /mock /sets /mine /takes /progress /coach /settings /pause /undo /cancel /export /forget</blockquote>
cancelled = Left. Nothing was changed.
unknown-text = I keep what you say when a question is open. None is just now.
unknown-kind = I can keep voice, round video, video, audio and text. This is none of those, so I left it in the chat.
unknown-command = I don’t know { $command }. These are near:
card-closed = That card is closed.
nothing-stored = Nothing is stored here any more. /start begins anew.
already-rated = Already saved as { $tone }.
trouble = Something went wrong with that on my side. It is stored and the owner is told; nothing of yours is lost. What now?
trouble-owner = An update failed three times and was set aside (number { $update }, { $error }). See the log.
private-only = I’m for private chats only: practice is personal. Write to me directly. Bye for now!
invite-needed = This bot is by invitation. Ask its owner for a link; nothing of you was stored.
invite-wait = That were several invitations that don’t work. Please wait an hour, or ask the owner for a new one.
flood = That was a lot at once, so I stopped answering each message. Nothing is lost: every answer is kept. /drill goes on where we were.
invite-bad = This invitation was used already or is over. Ask for a new one.
owner-title =
    <b>Counts only; nobody’s answers.</b>
    Learners: { $learners } ({ $enrolled } practising, { $gone } left)
    Drills: { $drills } · answers: { $takes } · ratings: { $ratings }
    Waiting to be handled: { $waiting } · set aside: { $dead }
    Messages waiting: { $ready } · failed: { $failed } · unknown: { $unknown }
owner-uploaded = Sent by an owner: { $title }, version { $version } here
owner-undo = Undo { $title }
owner-how-to-upload = To add or change a question set, send me its .yaml file. You see what it does before anything changes.
owner-published = Another owner has changed the question set “{ $title }”. It runs now; /owner shows it, and takes it back.
owner-invite = Make an invitation
owner-invited =
    One person, one week:
    { $link }
owner-banks-bad =
    A question bank was changed and has errors; the last good one stays in use.
    <pre>{ $problems }</pre>
owner-disk-bad = The disk is nearly full: { $reason }. I take nothing new in for now; it stays with Telegram for a day, and what I have is safe. Make room, and I go on by myself.
owner-disk-good = There is room on the disk again. I take everything in that waited.
owner-clock-bad = Surprises wait: { $reason }. Set the clock right (an NTP service does), and they go on by themselves. Replies go on meanwhile.
owner-clock-good = The clock agrees with Telegram’s again. Surprises go on.
owner-backup-bad = No backup could be made: { $reason }. I try again each hour. `sprung doctor` shows more.
owner-banks-good = Question banks reloaded: { $sets } sets, { $questions } questions.
unknown-rating = Tap one of the five, or type a number from 1 to 5.
date-long = { $day } { $month } { $year }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
interview-cleared = No interview date, then. I’ll keep an even pace.
pause-button = Pause
closed = Closed.
forget-sure = Really erase everything? This cannot be taken back.
forget-sure-yes = Yes, erase

## A question set from an owner
upload-title =
    <b>{ $title }</b> (<code>{ $set }</code>), { $count ->
        [one] one question
       *[other] { $count } questions
    } to ask
upload-first = A new set: none of this name runs now.
upload-same = It asks just what runs now.
upload-new = New: { $count } ({ $ids })
upload-changed = Changed: { $count } ({ $ids })
upload-retired = Retired: { $count } ({ $ids })
upload-removed = Removed: { $count } ({ $ids })
upload-practising =
    { $count ->
        [0] Nobody has it active.
        [one] One learner has it active; what they answered and earned stays.
       *[other] { $count } learners have it active; what they answered and earned stays.
    }
upload-empty = <b>Nothing in it is left to ask.</b> Who has it active gets no more surprises and is told to choose another set.
upload-doubts = Worth a look, but not in the way: { $count }
upload-ask = Nothing has changed yet. Put it live?
upload-yes = Put it live
upload-no = Leave it
upload-problem = <code>{ $place }</code> { $message }
upload-more = … and { $count } more
upload-refused = I can’t use { $name } yet. Nothing has changed, and what ran goes on. Mend this and send it again:
upload-moved = <b>Something else runs by now than what this was compared with.</b> Nothing was changed. This is how it stands:
upload-live = Live: <b>{ $title }</b>, version { $version } here. Questions that are open stay open.
upload-dropped = Left alone. Nothing has changed.
upload-undone-version = Taken back: “{ $title }” is version { $version } again.
upload-undone-shipped = Taken back: “{ $title }” is again the one that came with the bot.
upload-undone-gone = Taken back: “{ $title }” is gone, as it was before. What learners answered and earned stays.
upload-undo-late = Another version runs by now. /owner shows which.
upload-undo-clash = “{ $title }” can’t go back: another set uses its ids by now. Nothing has changed. Undo that one first:
upload-too-large = That file is larger than { $kib } KiB, more than a set may have. Nothing has changed. Split it into several sets and send them.
upload-gone = Telegram did not hand that document out. Nothing has changed. Please send it again.
upload-trouble = Something went wrong on my side with that document; the log says what. Nothing has changed, and what ran goes on.
