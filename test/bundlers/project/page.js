import { told, useBoard } from './board.js';

document.title = await told(useBoard('page'));
