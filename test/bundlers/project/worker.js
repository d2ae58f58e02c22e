import { told, useBoard } from './board.js';

told(useBoard('worker')).then((text) => postMessage(text));
