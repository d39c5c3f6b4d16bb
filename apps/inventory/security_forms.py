"""The ten questions as a form made from the edition in force."""

from typing import Any

from django import forms

from apps.inventory.models import SecurityForm


class AnswersForm(forms.Form):
    """One choice per question; the last answers are chosen already."""

    def __init__(self, data: Any = None, *, asked: SecurityForm | None, answers: dict[str, str]) -> None:
        super().__init__(data, label_suffix="")
        for question in asked.questions.all() if asked else []:
            choices = [(letter, f"{words} ({asked.points[letter]})") for letter, words in question.answers]
            self.fields[f"q{question.number}"] = forms.ChoiceField(
                label=str(question),
                choices=choices,
                widget=forms.RadioSelect,
                initial=answers.get(str(question.number)),
            )

    def answers(self) -> dict[str, str]:
        """The letters by the number of their question."""
        return {name.removeprefix("q"): letter for name, letter in self.cleaned_data.items()}
