"""A learner whose every word can be told apart: in names, texts, captions, files, presses and links."""

from dataclasses import dataclass
from itertools import count
from typing import Any

Json = dict[str, Any]


@dataclass
class Canary:
    """Somebody with a mark of their own in every field that a person controls."""

    number: int
    mark: str

    @property
    def words(self) -> tuple[bytes, ...]:
        """The mark, however it is written."""
        forms = (self.mark, self.mark.upper(), self.mark.encode().hex(), self.mark[::-1])
        return tuple(form.encode() for form in forms)

    @property
    def marks(self) -> tuple[bytes, ...]:
        """What must not be found in any log: their words, and their number."""
        return (*self.words, str(self.number).encode())

    def user(self) -> Json:
        """The person as Telegram shows them."""
        return {
            "id": self.number,
            "is_bot": False,
            "first_name": f"First {self.mark}",
            "last_name": f"Last {self.mark}",
            "username": f"user_{self.mark}",
            "language_code": "en",
        }

    def message(self, number: int, date: int, **content: Any) -> Json:
        """A message of theirs."""
        chat = {"type": "private", **self.user()}
        return {"message_id": number, "date": date, "from": self.user(), "chat": chat} | content

    def text(self, said: str) -> Json:
        """A text; a command is marked as one."""
        command = said.split(" ", 1)[0]
        entity = {"type": "bot_command", "offset": 0, "length": len(command)}
        return {"text": said} | ({"entities": [entity]} if said.startswith("/") else {})

    def contents(self) -> list[Json]:
        """What somebody may send, each with the mark in it."""
        mark = self.mark
        file = {"file_id": f"AwACAgIAAx{mark}", "file_unique_id": f"u{mark}", "file_size": 900}
        timed = {**file, "duration": 7, "mime_type": "audio/ogg"}
        quote = {"text": f"quoted {mark}", "position": 0}
        origin = {"type": "hidden_user", "sender_user_name": f"of {mark}", "date": 1}
        return [
            self.text(f"My answer is {mark}."),
            self.text(f"/start {mark}"),
            self.text(f"/{mark}"),
            self.text(f"/drill@{mark}_bot now"),
            {**self.text(f"A quote of {mark}"), "quote": quote},
            {**self.text(f"Forwarded {mark}"), "forward_origin": origin},
            {"voice": timed, "caption": f"caption {mark}"},
            {"video_note": {**timed, "length": 240}},
            {"audio": {**timed, "title": mark, "performer": mark, "file_name": f"{mark}.mp3"}},
            {"video": {**timed, "width": 1, "height": 1, "file_name": f"{mark}.mp4"}},
            {"document": {**file, "file_name": f"{mark}.pdf"}, "caption": mark},
            {"photo": [{**file, "width": 1, "height": 1}], "caption": mark},
            {"sticker": {**file, "type": "regular", "width": 1, "height": 1, "is_animated": False,
                         "is_video": False, "emoji": "👍", "set_name": mark}},
            {"contact": {"phone_number": f"+49 {mark}", "first_name": mark, "vcard": mark}},
            {"location": {"latitude": 1.5, "longitude": 2.5}},
            {"poll": {"id": mark, "question": mark, "options": [], "total_voter_count": 0,
                      "is_closed": False, "is_anonymous": True, "type": "regular",
                      "allows_multiple_answers": False}},
            {"text": 5, "odd": {mark: [mark]}},
            {"voice": mark},
            {"new_kind": mark},
        ]  # fmt: skip

    def updates(self, first: int, date: int) -> list[Json]:
        """Everything of it as updates, and the rest that a person can cause."""
        numbers = count(first)
        made = [{"message": self.message(next(numbers), date, **one)} for one in self.contents()]
        made.append({"edited_message": self.message(first, date, **self.text(f"Now {self.mark}"))})
        made += [{"callback_query": self._press(data, first, date)} for data in self._presses()]
        made.append({"my_chat_member": {"from": self.user(), "broken": self.mark}})
        made.append({"message": {"from": self.user(), "text": self.mark}})
        made.append({self.mark: {"from": self.user(), "text": self.mark}})
        return made

    def _presses(self) -> list[str]:
        return [self.mark, f"v1:{self.mark}", f"v1:zone:{self.mark}", f"v1:rate:{self.mark}:5"]

    def _press(self, data: str, number: int, date: int) -> Json:
        message = self.message(number, date, **self.text(self.mark))
        query = {"id": f"9{number}", "from": self.user(), "chat_instance": self.mark, "data": data}
        return query | {"message": message}
