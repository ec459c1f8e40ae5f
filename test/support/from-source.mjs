// `node --import` of this file runs the sources of Ulp themselves, as `ulpvm/loader` lets a user's process run TypeScript.
import { register } from 'node:module';

register('../../loader/hooks.mjs', { parentURL: import.meta.url, data: { ownExtension: '.ts' } });
