// Where a provider sends people back to, the one button is pressed for them: opening the page alone changes nothing.
document.querySelector('form[data-go-on]')?.requestSubmit();
